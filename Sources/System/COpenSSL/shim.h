#pragma once
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/modes.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

// The parameter builder keeps the names' addresses until the parameters are built; a Swift literal's would be gone.
static inline const char *vst_param_rsa_n(void) { return OSSL_PKEY_PARAM_RSA_N; }
static inline const char *vst_param_rsa_e(void) { return OSSL_PKEY_PARAM_RSA_E; }
static inline const char *vst_param_group_name(void) { return OSSL_PKEY_PARAM_GROUP_NAME; }
static inline const char *vst_param_public_key(void) { return OSSL_PKEY_PARAM_PUB_KEY; }
