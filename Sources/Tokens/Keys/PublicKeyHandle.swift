internal import COpenSSL

/// Owns an `EVP_PKEY` with a public key.
///
/// Sendable without a lock: after the init nothing changes the key, and OpenSSL counts its references atomically, so
/// that any number of threads may verify with it, each with a context of its own.
@safe final class PublicKeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// `EVP_PKEY_PUBLIC_KEY`, a macro of macros that Swift does not see.
    private static let publicKey = OSSL_KEYMGMT_SELECT_ALL_PARAMETERS | OSSL_KEYMGMT_SELECT_PUBLIC_KEY

    /// The key as the library wants it; nil when the library refuses it, e.g. a point that is not on its curve.
    init?(_ material: PublicKeyMaterial) {
        defer { ERR_clear_error() }
        let key =
            switch material {
            case .rsa(let modulus, let exponent): unsafe PublicKeyHandle.makeRSA(modulus, exponent)
            case .ellipticCurve(let curve, let x, let y): unsafe PublicKeyHandle.makeEC(curve, x, y)
            case .ed25519(let bytes): unsafe PublicKeyHandle.makeEd25519(bytes)
            }
        guard let key = unsafe key else { return nil }
        unsafe pointer = key
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    private static func makeRSA(_ modulus: [UInt8], _ exponent: [UInt8]) -> OpaquePointer? {
        let n = unsafe BN_bin2bn(modulus, Int32(modulus.count), nil)
        let e = unsafe BN_bin2bn(exponent, Int32(exponent.count), nil)
        defer {
            unsafe BN_free(n)
            unsafe BN_free(e)
        }
        guard let n = unsafe n, let e = unsafe e else { return nil }
        return unsafe build("RSA") { builder in
            unsafe OSSL_PARAM_BLD_push_BN(builder, vst_param_rsa_n(), n) == 1
                && OSSL_PARAM_BLD_push_BN(builder, vst_param_rsa_e(), e) == 1
        }
    }

    private static func makeEC(_ curve: Curve, _ x: [UInt8], _ y: [UInt8]) -> OpaquePointer? {
        let point = [0x04] + x + y  // uncompressed, SEC 1 §2.3.3
        let key = unsafe point.withUnsafeBytes { point in
            unsafe curve.rawValue.withCString { name in
                unsafe build("EC") { builder in
                    unsafe OSSL_PARAM_BLD_push_utf8_string(builder, vst_param_group_name(), name, 0) == 1
                        && OSSL_PARAM_BLD_push_octet_string(
                            builder, vst_param_public_key(), point.baseAddress, point.count) == 1
                }
            }
        }
        guard let key = unsafe key else { return nil }
        // On the curve, not the point at infinity, and of the right order: an invalid point weakens every check.
        let check = unsafe EVP_PKEY_CTX_new_from_pkey(nil, key, nil)
        defer { unsafe EVP_PKEY_CTX_free(check) }
        guard let check = unsafe check, unsafe EVP_PKEY_public_check(check) == 1 else {
            unsafe EVP_PKEY_free(key)
            return nil
        }
        return unsafe key
    }

    private static func makeEd25519(_ bytes: [UInt8]) -> OpaquePointer? {
        unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, bytes, bytes.count)
    }

    /// Makes a public key from the parameters that `push` gives the builder.
    ///
    /// Names and values that `push` hands over must live until this returns.
    private static func build(_ type: String, _ push: (OpaquePointer) -> Bool) -> OpaquePointer? {
        let builder = unsafe OSSL_PARAM_BLD_new()
        defer { unsafe OSSL_PARAM_BLD_free(builder) }
        guard let builder = unsafe builder, unsafe push(builder) else { return nil }
        let parameters = unsafe OSSL_PARAM_BLD_to_param(builder)
        defer { unsafe OSSL_PARAM_free(parameters) }
        let context = unsafe EVP_PKEY_CTX_new_from_name(nil, type, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard let parameters = unsafe parameters, let context = unsafe context,
            unsafe EVP_PKEY_fromdata_init(context) == 1,
            unsafe EVP_PKEY_fromdata(context, &key, PublicKeyHandle.publicKey, parameters) == 1
        else { return nil }
        return unsafe key
    }
}
