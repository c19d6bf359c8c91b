/// The page and what it is made of, each under its exact name: there is no path, so there is none to leave.
public enum ConsoleAssets {
    /// The page itself, served at `/`.
    public static var page: [UInt8] { PackageResources.index_html }

    /// The media type of the page.
    public static let pageContentType = Kind.html.rawValue

    /// The media types of the files; texts are UTF-8.
    enum Kind: String, Sendable {
        case html = "text/html; charset=utf-8"
        case script = "text/javascript; charset=utf-8"
        case style = "text/css; charset=utf-8"
        case json = "application/json"
        case svg = "image/svg+xml"
    }

    /// The names under `/assets/`, in order.
    public static var names: [String] { table.keys.sorted() }

    /// A file by its exact name.
    ///
    /// - Parameter name: the name as it stands after `/assets/`, compared byte for byte.
    /// - Returns: its media type and its bytes; `nil` where no file has this name.
    public static func asset(named name: String) -> (contentType: String, bytes: [UInt8])? {
        guard let file = table[name], file.name.utf8.elementsEqual(name.utf8) else { return nil }
        return (file.kind.rawValue, file.bytes())
    }

    /// One file.
    private struct File: Sendable {
        let name: String
        let kind: Kind
        let bytes: @Sendable () -> [UInt8]

        init(_ name: String, _ kind: Kind, _ bytes: @escaping @Sendable () -> [UInt8]) {
            self.name = name
            self.kind = kind
            self.bytes = bytes
        }
    }

    private static let table: [String: File] = Dictionary(uniqueKeysWithValues: files.map { ($0.name, $0) })

    private static let files: [File] = [
        File("api.js", .script) { PackageResources.api_js },
        File("app.js", .script) { PackageResources.app_js },
        File("area-tool.js", .script) { PackageResources.area_tool_js },
        File("axes.js", .script) { PackageResources.axes_js },
        File("base.css", .style) { PackageResources.base_css },
        File("calipers.js", .script) { PackageResources.calipers_js },
        File("cine.js", .script) { PackageResources.cine_js },
        File("de.json", .json) { PackageResources.de_json },
        File("depth.js", .script) { PackageResources.depth_js },
        File("dom.js", .script) { PackageResources.dom_js },
        File("en.json", .json) { PackageResources.en_json },
        File("exam-keys.js", .script) { PackageResources.exam_keys_js },
        File("exam-measures.js", .script) { PackageResources.exam_measures_js },
        File("exam-protocol.js", .script) { PackageResources.exam_protocol_js },
        File("exam-settings.js", .script) { PackageResources.exam_settings_js },
        File("exam-task.js", .script) { PackageResources.exam_task_js },
        File("exam-top.js", .script) { PackageResources.exam_top_js },
        File("exam-transport.js", .script) { PackageResources.exam_transport_js },
        File("exam.css", .style) { PackageResources.exam_css },
        File("frame.css", .style) { PackageResources.frame_css },
        File("frame.js", .script) { PackageResources.frame_js },
        File("hand-trace.js", .script) { PackageResources.hand_trace_js },
        File("icon.svg", .svg) { PackageResources.icon_svg },
        File("it.json", .json) { PackageResources.it_json },
        File("keys.js", .script) { PackageResources.keys_js },
        File("live-worker.js", .script) { PackageResources.live_worker_js },
        File("live.js", .script) { PackageResources.live_js },
        File("maps.js", .script) { PackageResources.maps_js },
        File("pieces.js", .script) { PackageResources.pieces_js },
        File("pl.json", .json) { PackageResources.pl_json },
        File("review-compare.js", .script) { PackageResources.review_compare_js },
        File("review-picture.js", .script) { PackageResources.review_picture_js },
        File("screen-device.js", .script) { PackageResources.screen_device_js },
        File("screen-exam.js", .script) { PackageResources.screen_exam_js },
        File("screen-patients.js", .script) { PackageResources.screen_patients_js },
        File("screen-review.js", .script) { PackageResources.screen_review_js },
        File("screen-send.js", .script) { PackageResources.screen_send_js },
        File("screens.css", .style) { PackageResources.screens_css },
        File("session.js", .script) { PackageResources.session_js },
        File("sharpness.js", .script) { PackageResources.sharpness_js },
        File("sound-worklet.js", .script) { PackageResources.sound_worklet_js },
        File("sound.js", .script) { PackageResources.sound_js },
        File("spectrum.js", .script) { PackageResources.spectrum_js },
        File("stats.js", .script) { PackageResources.stats_js },
        File("strip.js", .script) { PackageResources.strip_js },
        File("view.js", .script) { PackageResources.view_js },
        File("words.js", .script) { PackageResources.words_js },
    ]
}
