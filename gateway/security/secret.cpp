#include "gateway/security/secret.h"

#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>

namespace stafett::security {

namespace {

constexpr std::size_t kLargest = 64U << 10;

class OpenFile {
public:
    explicit OpenFile(int fd) : fd_(fd) {}
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    ~OpenFile() {
        if (fd_ >= 0) ::close(fd_);
    }
    int fd() const { return fd_; }

private:
    int fd_;
};

Error problem(Code code, std::string_view reference, std::string hint) {
    return Error(code, {.file = std::string(reference), .hint = std::move(hint)});
}

Result<Secret> readAll(int fd, std::string_view reference) {
    const bool sought = ::lseek(fd, 0, SEEK_SET) == 0;
    Bytes bytes(kLargest + 1, '\0');  // once, at its largest: a growing string would leave copies
    std::size_t size = 0;
    while (size < bytes.size()) {
        const auto got =
            sought ? ::pread(fd, bytes.data() + size, bytes.size() - size, static_cast<off_t>(size))
                   : ::read(fd, bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        size += static_cast<std::size_t>(got);
    }
    Secret kept(std::move(bytes));
    if (size == 0) {
        return tl::make_unexpected(problem(Code::KeyMissing, reference, "It is empty."));
    }
    if (size > kLargest) {
        return tl::make_unexpected(problem(Code::KeyRing, reference, "It is too large for a key."));
    }
    return Secret(Bytes(kept.bytes().substr(0, size)));
}

Result<Secret> readFile(const std::string& path) {
    const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.fd() < 0) {
        return tl::make_unexpected(problem(Code::KeyMissing, path, "The file cannot be opened."));
    }
    struct stat found {};
    if (::fstat(file.fd(), &found) != 0 || !S_ISREG(found.st_mode)) {
        return tl::make_unexpected(problem(Code::KeyRing, path, "It is not an ordinary file."));
    }
    if (found.st_uid != ::geteuid()) {
        return tl::make_unexpected(
            problem(Code::KeyRing, path, "It must be owned by the user the gateway runs as."));
    }
    if ((found.st_mode & 07777) != 0400) {
        return tl::make_unexpected(
            problem(Code::KeyRing, path, "Its mode must be 0400 (chmod 0400)."));
    }
    return readAll(file.fd(), path);
}

Result<Secret> readEnvironment(std::string_view reference) {
    const char* value = std::getenv(std::string(reference.substr(4)).c_str());
    if (value == nullptr || *value == '\0') {
        return tl::make_unexpected(
            problem(Code::KeyMissing, reference, "The environment variable is not set."));
    }
    return Secret(Bytes(value));
}

Result<Secret> readDescriptor(std::string_view reference) {
    int fd = -1;
    const auto digits = reference.substr(3);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), fd);
    if (error != std::errc() || end != digits.data() + digits.size() || fd < 0) {
        return tl::make_unexpected(problem(Code::KeyRing, reference, "fd: takes a number."));
    }
    if (::fcntl(fd, F_GETFD) == -1) {
        return tl::make_unexpected(
            problem(Code::KeyMissing, reference, "The descriptor is not open."));
    }
    return readAll(fd, reference);
}

KeyPtr readKey(std::string_view pem, bool is_private) {
    const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const auto noPassphrase = [](char*, int, int, void*) { return -1; };
    KeyPtr key(is_private ? PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassphrase, nullptr)
                          : PEM_read_bio_PUBKEY(bio.get(), nullptr, noPassphrase, nullptr));
    ERR_clear_error();
    return key;
}

}  // namespace

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { other.wipe(); }

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        bytes_ = std::move(other.bytes_);
        other.wipe();
    }
    return *this;
}

Secret::~Secret() { wipe(); }

void Secret::wipe() {
    bytes_.resize(bytes_.capacity());
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
    bytes_.clear();
}

Result<Secret> readSecret(std::string_view reference, std::string_view folder) {
    if (reference.starts_with("env:")) return readEnvironment(reference);
    if (reference.starts_with("fd:")) return readDescriptor(reference);
    if (reference.empty()) {
        return tl::make_unexpected(problem(Code::KeyMissing, reference, "No reference is given."));
    }
    std::string path(reference);
    if (!path.starts_with('/') && !folder.empty()) path = std::string(folder) + "/" + path;
    return readFile(path);
}

KeyPtr readPrivateKey(std::string_view pem) { return readKey(pem, true); }
KeyPtr readPublicKey(std::string_view pem) { return readKey(pem, false); }

bool isP256(const EVP_PKEY* key) {
    std::array<char, 64> group{};
    return key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(),
                                          group.size(), nullptr) == 1 &&
           std::string_view(group.data()) == "prime256v1";
}

}  // namespace stafett::security
