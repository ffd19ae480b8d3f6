// What the template functions need of the system's OpenSSL 3 and libcrypt, opened when first asked for.
#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <stddef.h>
#include <stdint.h>

/// A private key with its public half; OpenSSL's EVP_PKEY.
typedef struct ccrypto_key ccrypto_key;

/// Kinds of keys, by OpenSSL's numbers.
enum { CCRYPTO_RSA = 6, CCRYPTO_DSA = 116, CCRYPTO_EC = 408, CCRYPTO_ED25519 = 1087 };

/// Whether libcrypto.so.3 is there with all that is used of it.
int ccrypto_is_available(void);

/// A new key, NULL on failure; `bits` counts for RSA and DSA, elliptic curves are P-256.
ccrypto_key *ccrypto_generate(int kind, int bits);
/// A key from DER in the format of its kind, or in PKCS#8 where `kind` is 0; NULL where it is malformed.
ccrypto_key *ccrypto_parse(int kind, const uint8_t *der, size_t length);
void ccrypto_free(ccrypto_key *key);

int ccrypto_kind(const ccrypto_key *key);
int ccrypto_bits(const ccrypto_key *key);

/// Write DER to `out` where it is not NULL; return the length, or -1.
int ccrypto_private_der(const ccrypto_key *key, uint8_t *out);
int ccrypto_public_der(const ccrypto_key *key, uint8_t *out);

/// Signs `message` with the digest of that name (NULL for Ed25519); returns the length, at most `capacity`, or -1.
int ccrypto_sign(ccrypto_key *key, const char *digest, const uint8_t *message, size_t length, uint8_t *out,
                 size_t capacity);

/// AES-256 in CBC mode without padding: `length` is a multiple of 16 and `out` as long; 1 on success.
int ccrypto_aes(int encrypts, const uint8_t key[32], const uint8_t iv[16], const uint8_t *in, size_t length,
                uint8_t *out);

/// scrypt; 1 on success.
int ccrypto_scrypt(const uint8_t *password, size_t password_length, const uint8_t *salt, size_t salt_length,
                   uint64_t n, uint64_t r, uint64_t p, uint8_t *out, size_t length);

/// crypt(3) with `setting`: the result with its final zero in `out`; 1 on success, -1 without libcrypt.
int ccrypto_hash_password(const char *password, const char *setting, char *out, size_t capacity);

#endif
