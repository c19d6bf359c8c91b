/// The device profiles that are part of the program: every YAML file of this folder's makers, with their firmware.
///
/// A new file is named here and in Package.swift.
public enum BundledDeviceProfiles {
    /// One profile as it stands in this folder.
    public struct File: Sendable, Hashable {
        /// The path within this folder, without `.yaml`; the profile's id is the same.
        public var id: String
        /// The file's bytes.
        public var bytes: [UInt8]
    }

    /// Every bundled profile, in the order of the ids.
    public static let files: [File] = [
        File(id: "generic/usb-audio-stereo", bytes: PackageResources.usb_audio_stereo_yaml),
        File(id: "hs-ulm/digidop", bytes: PackageResources.digidop_yaml),
        File(id: "hs-ulm/usd3.0", bytes: PackageResources.usd3_0_yaml),
        File(id: "odp/reference", bytes: PackageResources.reference_yaml),
        File(id: "template/cypress-fx2", bytes: PackageResources.cypress_fx2_yaml),
        File(id: "template/ftdi-sync-fifo", bytes: PackageResources.ftdi_sync_fifo_yaml),
    ]

    /// The firmware files that bundled profiles name, by their paths within this folder.
    public static let firmware: [String: [UInt8]] = [
        "template/cypress-fx2.bin": PackageResources.cypress_fx2_bin
    ]
}
