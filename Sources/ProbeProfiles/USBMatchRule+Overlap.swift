internal import ProbeLink

extension USBMatchRule {
    /// Whether some device could match this rule and another; an id that is left out fits any.
    ///
    /// Interface classes and endpoints do not tell devices apart: one device may have several interfaces.
    func canMatchSameDevice(as other: USBMatchRule) -> Bool {
        func agree<Fact: Equatable>(_ ours: Fact?, _ theirs: Fact?) -> Bool {
            guard let ours, let theirs else { return true }
            return ours == theirs
        }
        return agree(vendorID, other.vendorID) && agree(productID, other.productID)
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
