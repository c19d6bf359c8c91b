internal import ProbeLink

extension USBMatchRule {
    /// Whether the rule names a string or a descriptor fact beside the ids.
    var namesMoreThanIDs: Bool {
        manufacturer != nil || product != nil || productPrefix != nil || bcdDeviceMajor != nil || deviceClass != nil
            || interfaceClass != nil || !endpoints.isEmpty
    }

    /// Whether some device could match this rule and another.
    ///
    /// Interface classes and endpoints do not tell devices apart: one device may have several interfaces.
    func canMatchSameDevice(as other: USBMatchRule) -> Bool {
        func agree<Fact: Equatable>(_ ours: Fact?, _ theirs: Fact?) -> Bool {
            guard let ours, let theirs else { return true }
            return ours == theirs
        }
        return vendorID == other.vendorID && productID == other.productID
            && agree(manufacturer, other.manufacturer) && agree(product, other.product)
            && agree(bcdDeviceMajor, other.bcdDeviceMajor) && agree(deviceClass, other.deviceClass)
            && allowsProduct(of: other) && other.allowsProduct(of: self)
    }

    private func allowsProduct(of other: USBMatchRule) -> Bool {
        guard let productPrefix else { return true }
        if let product = other.product { return product.hasPrefix(productPrefix) }
        guard let theirs = other.productPrefix else { return true }
        return theirs.hasPrefix(productPrefix) || productPrefix.hasPrefix(theirs)
    }
}
