#include "CCrypto.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

// The functions of OpenSSL 3 that are used, by name, result and parameters. Its types stay opaque.
#define CRYPTO_FUNCTIONS(X)                                                                      \
    X(EVP_PKEY_get_base_id, int, (const void *))                                                 \
    X(EVP_PKEY_get_bits, int, (const void *))                                                    \
    X(EVP_PKEY_free, void, (void *))                                                             \
    X(EVP_PKEY_Q_keygen, void *, (void *, const char *, const char *, ...))                      \
    X(EVP_PKEY_CTX_new_from_name, void *, (void *, const char *, const char *))                  \
    X(EVP_PKEY_CTX_new_from_pkey, void *, (void *, void *, const char *))                        \
    X(EVP_PKEY_CTX_free, void, (void *))                                                         \
    X(EVP_PKEY_paramgen_init, int, (void *))                                                     \
    X(EVP_PKEY_keygen_init, int, (void *))                                                       \
    X(EVP_PKEY_generate, int, (void *, void **))                                                 \
    X(EVP_PKEY_CTX_set_dsa_paramgen_bits, int, (void *, int))                                    \
    X(EVP_PKEY_CTX_set_dsa_paramgen_q_bits, int, (void *, int))                                  \
    X(i2d_PrivateKey, int, (const void *, uint8_t **))                                           \
    X(i2d_PUBKEY, int, (const void *, uint8_t **))                                               \
    X(d2i_PrivateKey, void *, (int, void **, const uint8_t **, long))                            \
    X(d2i_PKCS8_PRIV_KEY_INFO, void *, (void **, const uint8_t **, long))                        \
    X(EVP_PKCS82PKEY, void *, (const void *))                                                    \
    X(PKCS8_PRIV_KEY_INFO_free, void, (void *))                                                  \
    X(EVP_MD_CTX_new, void *, (void))                                                            \
    X(EVP_MD_CTX_free, void, (void *))                                                           \
    X(EVP_DigestSignInit_ex, int,                                                                \
      (void *, void **, const char *, void *, const char *, void *, const void *))               \
    X(EVP_DigestSign, int, (void *, uint8_t *, size_t *, const uint8_t *, size_t))               \
    X(EVP_CIPHER_CTX_new, void *, (void))                                                        \
    X(EVP_CIPHER_CTX_free, void, (void *))                                                       \
    X(EVP_CIPHER_CTX_set_padding, int, (void *, int))                                            \
    X(EVP_aes_256_cbc, const void *, (void))                                                     \
    X(EVP_CipherInit_ex, int, (void *, const void *, void *, const uint8_t *, const uint8_t *, int)) \
    X(EVP_CipherUpdate, int, (void *, uint8_t *, int *, const uint8_t *, int))                   \
    X(EVP_PBE_scrypt, int,                                                                       \
      (const char *, size_t, const uint8_t *, size_t, uint64_t, uint64_t, uint64_t, uint64_t, uint8_t *, size_t))

static struct {
#define DECLARE(name, result, parameters) result(*name) parameters;
    CRYPTO_FUNCTIONS(DECLARE)
#undef DECLARE
} crypto;

int ccrypto_is_available(void) {
    static int state; // 0 not tried, 1 there, -1 missing
    if (state != 0) return state > 0;
    state = -1;
    void *library = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return 0;
#define RESOLVE(name, result, parameters)                                 \
    crypto.name = (result(*) parameters)dlsym(library, #name);            \
    if (crypto.name == NULL) return 0;
    CRYPTO_FUNCTIONS(RESOLVE)
#undef RESOLVE
    state = 1;
    return 1;
}

static void *generate_dsa(int bits) {
    void *parameters = NULL, *key = NULL;
    void *context = crypto.EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    if (context != NULL && crypto.EVP_PKEY_paramgen_init(context) > 0 &&
        crypto.EVP_PKEY_CTX_set_dsa_paramgen_bits(context, bits) > 0 &&
        crypto.EVP_PKEY_CTX_set_dsa_paramgen_q_bits(context, 256) > 0)
        crypto.EVP_PKEY_generate(context, &parameters);
    crypto.EVP_PKEY_CTX_free(context);
    if (parameters == NULL) return NULL;
    context = crypto.EVP_PKEY_CTX_new_from_pkey(NULL, parameters, NULL);
    if (context != NULL && crypto.EVP_PKEY_keygen_init(context) > 0) crypto.EVP_PKEY_generate(context, &key);
    crypto.EVP_PKEY_CTX_free(context);
    crypto.EVP_PKEY_free(parameters);
    return key;
}

ccrypto_key *ccrypto_generate(int kind, int bits) {
    switch (kind) {
    case CCRYPTO_RSA: return crypto.EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
    case CCRYPTO_EC: return crypto.EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    case CCRYPTO_ED25519: return crypto.EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    case CCRYPTO_DSA: return generate_dsa(bits);
    default: return NULL;
    }
}

ccrypto_key *ccrypto_parse(int kind, const uint8_t *der, size_t length) {
    const uint8_t *position = der;
    if (kind != 0) return crypto.d2i_PrivateKey(kind, NULL, &position, (long)length);
    void *info = crypto.d2i_PKCS8_PRIV_KEY_INFO(NULL, &position, (long)length);
    if (info == NULL) return NULL;
    void *key = crypto.EVP_PKCS82PKEY(info);
    crypto.PKCS8_PRIV_KEY_INFO_free(info);
    return key;
}

void ccrypto_free(ccrypto_key *key) { crypto.EVP_PKEY_free(key); }
int ccrypto_kind(const ccrypto_key *key) { return crypto.EVP_PKEY_get_base_id(key); }
int ccrypto_bits(const ccrypto_key *key) { return crypto.EVP_PKEY_get_bits(key); }

// i2d functions move the pointer they write through.
int ccrypto_private_der(const ccrypto_key *key, uint8_t *out) {
    return crypto.i2d_PrivateKey(key, out == NULL ? NULL : &out);
}

int ccrypto_public_der(const ccrypto_key *key, uint8_t *out) {
    return crypto.i2d_PUBKEY(key, out == NULL ? NULL : &out);
}

int ccrypto_sign(ccrypto_key *key, const char *digest, const uint8_t *message, size_t length, uint8_t *out,
                 size_t capacity) {
    void *context = crypto.EVP_MD_CTX_new();
    if (context == NULL) return -1;
    size_t written = capacity;
    int done = crypto.EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, key, NULL) > 0 &&
               crypto.EVP_DigestSign(context, out, &written, message, length) > 0;
    crypto.EVP_MD_CTX_free(context);
    return done ? (int)written : -1;
}

int ccrypto_aes(int encrypts, const uint8_t key[32], const uint8_t iv[16], const uint8_t *in, size_t length,
                uint8_t *out) {
    void *context = crypto.EVP_CIPHER_CTX_new();
    if (context == NULL) return 0;
    int written = 0;
    int done = crypto.EVP_CipherInit_ex(context, crypto.EVP_aes_256_cbc(), NULL, key, iv, encrypts) > 0 &&
               crypto.EVP_CIPHER_CTX_set_padding(context, 0) > 0 &&
               crypto.EVP_CipherUpdate(context, out, &written, in, (int)length) > 0;
    crypto.EVP_CIPHER_CTX_free(context);
    return done && (size_t)written == length;
}

int ccrypto_scrypt(const uint8_t *password, size_t password_length, const uint8_t *salt, size_t salt_length,
                   uint64_t n, uint64_t r, uint64_t p, uint8_t *out, size_t length) {
    const uint64_t memory = 1 << 28;
    return crypto.EVP_PBE_scrypt((const char *)password, password_length, salt, salt_length, n, r, p, memory, out,
                                 length) > 0;
}

int ccrypto_hash_password(const char *password, const char *setting, char *out, size_t capacity) {
    static char *(*crypt_rn)(const char *, const char *, void *, int);
    if (crypt_rn == NULL) {
        // libxcrypt's: .1 is that of Debian and Ubuntu, .2 that of Fedora, RHEL and Amazon Linux.
        void *library = dlopen("libcrypt.so.1", RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) library = dlopen("libcrypt.so.2", RTLD_NOW | RTLD_LOCAL);
        if (library == NULL) return -1;
        crypt_rn = (char *(*)(const char *, const char *, void *, int))dlsym(library, "crypt_rn");
        if (crypt_rn == NULL) return -1;
    }
    const size_t size = 32768; // of libxcrypt's struct crypt_data
    void *data = calloc(1, size);
    if (data == NULL) return 0;
    char hash[384]; // libxcrypt's CRYPT_OUTPUT_SIZE
    const char *result = crypt_rn(password, setting, data, (int)size);
    size_t length = result == NULL ? SIZE_MAX : strlen(result);
    int done = length < sizeof hash && length < capacity;
    if (done) memcpy(out, strcpy(hash, result), length + 1);
    free(data);
    return done;
}
