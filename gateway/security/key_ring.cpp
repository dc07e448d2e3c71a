#include "gateway/security/key_ring.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

#include "gateway/config/reader.h"
#include "gateway/security/secret.h"

namespace stafett::security {

namespace {

struct Key {
    KeyRing::Entry entry;
    Secret secret;  // seal and index
    KeyPtr sign;    // the private key, where the ring has it
    KeyPtr verify;  // the public key, where the ring has only that
};

const std::vector<std::string> kUses{"seal", "index", "sign"};         // as KeyUse counts
const std::vector<std::string> kStates{"active", "old", "destroyed"};  // as KeyState counts

template <class Value>
std::optional<Value> oneOf(config::Reader& reader, const char* key,
                           const std::vector<std::string>& names) {
    const auto name = reader.text(key, {}, config::Reader::Need::Required);
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<Value>(found - names.begin());
    if (reader.has(key)) {
        reader.problem(Code::ConfigRange, key,
                       "One of: " + names[0] + ", " + names[1] + ", " + names[2] + ".");
    }
    return std::nullopt;
}

bool isKeyId(const std::string& id) {
    return !id.empty() && id.size() <= 64 &&
           id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-.") == std::string::npos;
}

/// Reads one ring and gathers what is wrong with it.
class Loader {
public:
    explicit Loader(const std::string& path)
        : path_(path), folder_(std::filesystem::path(path).parent_path().string()) {}

    std::vector<Key> load() {
        std::vector<Key> keys;
        const auto document = config::readFile(path_);
        if (!document) {
            problems_.push_back(document.error());
            return keys;
        }
        config::Reader reader(*document, path_, "", problems_);
        reader.each("keys", [&](config::Reader& item) {
            if (auto key = readKey(item)) keys.push_back(std::move(*key));
        });
        reader.finish();
        checkWhole(reader, keys);
        return keys;
    }

    Problems& problems() { return problems_; }

private:
    std::optional<Key> readKey(config::Reader& reader) {
        const auto id = reader.text("id", {}, config::Reader::Need::Required);
        const auto use = oneOf<KeyUse>(reader, "use", kUses);
        const auto state = oneOf<KeyState>(reader, "state", kStates);
        const auto reference = reader.text("key");
        const auto public_file = reader.text("public");
        if (reader.has("id") && !isKeyId(id)) {
            reader.problem(Code::ConfigRange, "id", "a to z, 0 to 9, - and . ; at most 64.");
        }
        if (!use || !state || !isKeyId(id)) return std::nullopt;

        Key key{{id, *use, *state}, {}, {}, {}};
        if (!public_file.empty()) readPublic(key, public_file, reader);
        if (*state == KeyState::Destroyed) {
            if (!reference.empty()) {
                reader.problem(Code::KeyRing, "key", "A destroyed key has no key.");
            }
        } else if (!reference.empty()) {
            readPrivate(key, reference, reader);
        } else if (public_file.empty() || *state == KeyState::Active) {
            reader.problem(Code::KeyMissing, "key", "A file, env:NAME or fd:N is needed.");
        }
        return key;
    }

    void readPublic(Key& key, const std::string& file, config::Reader& reader) {
        if (key.entry.use != KeyUse::Sign || key.entry.state == KeyState::Active) {
            reader.problem(Code::KeyRing, "public", "Only an old or destroyed sign key has it.");
            return;
        }
        std::ifstream in(file.starts_with('/') ? file : folder_ + "/" + file, std::ios::binary);
        const std::string pem{std::istreambuf_iterator<char>(in), {}};
        key.verify = readPublicKey(pem);
        if (!key.verify) {
            reader.problem(Code::KeyMissing, "public",
                           "A file with a public key in PEM is needed.");
        } else if (!isP256(key.verify.get())) {
            reader.problem(Code::KeyRing, "public", "A P-256 key is needed.");
        }
    }

    void readPrivate(Key& key, const std::string& reference, config::Reader& reader) {
        auto secret = readSecret(reference, folder_);
        if (!secret) {
            reader.problem(secret.error().code(), "key", secret.error().place().hint);
            return;
        }
        if (key.entry.use == KeyUse::Sign) {
            key.sign = readPrivateKey(secret->bytes());
            const KeyContextPtr check(
                key.sign ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.sign.get(), nullptr) : nullptr);
            if (!isP256(key.sign.get()) || EVP_PKEY_pairwise_check(check.get()) != 1) {
                reader.problem(Code::KeyRing, "key", "A P-256 private key in PEM is needed.");
            }
            return;
        }
        auto digits = secret->bytes();
        while (digits.ends_with('\n') || digits.ends_with('\r')) digits.remove_suffix(1);
        auto bytes = fromHex(digits);
        if (!bytes || bytes->size() != 32) {
            reader.problem(Code::KeyRing, "key", "32 bytes in hex are needed (64 digits).");
            return;
        }
        key.secret = Secret(std::move(*bytes));
    }

    static void checkWhole(config::Reader& reader, const std::vector<Key>& keys) {
        std::set<std::string_view> ids;
        std::set<std::string_view> secrets;
        std::array<int, 3> active{};
        for (const auto& key : keys) {
            if (!ids.insert(key.entry.id).second) {
                reader.problem(Code::ConfigDuplicate, "keys", "An id names one key only.");
            }
            if (!key.secret.bytes().empty() && !secrets.insert(key.secret.bytes()).second) {
                reader.problem(Code::KeyRing, "keys", "Two keys hold the same bytes.");
            }
            if (key.entry.state == KeyState::Active) {
                ++active.at(static_cast<std::size_t>(key.entry.use));
            }
        }
        for (std::size_t use = 0; use < active.size(); ++use) {
            if (active.at(use) != 1) {
                reader.problem(Code::KeyRing, "keys",
                               "There must be exactly one active key for " + kUses[use] + ".");
            }
        }
    }

    std::string path_;
    std::string folder_;
    Problems problems_;
};

}  // namespace

struct KeyRing::Keys {
    std::vector<Key> all;
    std::vector<Entry> entries;

    const Key* find(KeyUse use, std::string_view id) const {
        const auto found = std::find_if(all.begin(), all.end(), [&](const Key& key) {
            return key.entry.use == use && key.entry.id == id;
        });
        return found == all.end() ? nullptr : &*found;
    }
    const Key& active(KeyUse use) const {
        return *std::find_if(all.begin(), all.end(), [&](const Key& key) {
            return key.entry.use == use && key.entry.state == KeyState::Active;
        });
    }
};

Checked<KeyRing> KeyRing::load(const std::string& path) {
    Loader loader(path);
    auto keys = std::make_shared<Keys>();
    keys->all = loader.load();
    if (!loader.problems().empty()) return tl::make_unexpected(std::move(loader.problems()));
    for (const auto& key : keys->all) keys->entries.push_back(key.entry);
    return KeyRing(std::move(keys));
}

const std::vector<KeyRing::Entry>& KeyRing::entries() const { return keys_->entries; }

const std::string& KeyRing::active(KeyUse use) const { return keys_->active(use).entry.id; }

std::string_view KeyRing::secret(KeyUse use, std::string_view id) const {
    const auto* key = keys_->find(use, id);
    return key == nullptr ? std::string_view() : key->secret.bytes();
}

EVP_PKEY* KeyRing::signingKey() const { return keys_->active(KeyUse::Sign).sign.get(); }

EVP_PKEY* KeyRing::verifyingKey(std::string_view id) const {
    const auto* key = keys_->find(KeyUse::Sign, id);
    if (key == nullptr) return nullptr;
    return key->sign ? key->sign.get() : key->verify.get();
}

}  // namespace stafett::security
