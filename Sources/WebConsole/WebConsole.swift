public import LocalServer

/// The page as the server is given it.
public enum WebConsole {
    /// Every file that is served, by its exact path; `/` is the page itself.
    public static var assets: [String: WebAsset] {
        var found = ["/": WebAsset(contentType: ConsoleAssets.pageContentType, bytes: ConsoleAssets.page)]
        for name in ConsoleAssets.names {
            guard let (contentType, bytes) = ConsoleAssets.asset(named: name) else { continue }
            found["/assets/\(name)"] = WebAsset(contentType: contentType, bytes: bytes)
        }
        return found
    }
}
