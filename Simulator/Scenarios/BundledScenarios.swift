/// The scenario files of this folder, embedded in the program.
public enum BundledScenarios {
    /// Each scenario's name and its YAML text, UTF-8.
    public static let files: [(name: String, yaml: [UInt8])] = [
        ("borderline", PackageResources.borderline_yaml),
        ("ccsvi", PackageResources.ccsvi_yaml),
        ("healthy", PackageResources.healthy_yaml),
        ("incomplete", PackageResources.incomplete_yaml),
        ("valve", PackageResources.valve_yaml),
    ]
}
