#include "gateway/security/key_ring.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "gateway/security/secret.h"

namespace stafett::security {

namespace {

using nlohmann::json;

struct Key {
    KeyRing::Entry entry;
    Secret secret;  // seal and index
    KeyPtr sign;    // the private key, where the ring has it
    KeyPtr verify;  // the public key, where the ring has only that
};

constexpr std::array kUses{std::pair{"seal", KeyUse::Seal}, std::pair{"index", KeyUse::Index},
                           std::pair{"sign", KeyUse::Sign}};
constexpr std::array kStates{std::pair{"active", KeyState::Active}, std::pair{"old", KeyState::Old},
                             std::pair{"destroyed", KeyState::Destroyed}};

template <class Value, std::size_t kSize>
std::optional<Value> named(const std::array<std::pair<const char*, Value>, kSize>& names,
                           const std::string& name) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& n) { return name == n.first; });
    return found == names.end() ? std::nullopt : std::optional(found->second);
}

bool isKeyId(const std::string& id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

/// Reads one ring and gathers what is wrong with it.
class Reader {
public:
    explicit Reader(const std::string& path)
        : path_(path), folder_(std::filesystem::path(path).parent_path().string()) {}

    std::vector<Key> read() {
        std::vector<Key> keys;
        const auto document = parse();
        if (!document) return keys;
        if (!document->is_object() || !document->contains("keys") ||
            !(*document)["keys"].is_array()) {
            add(Code::KeyRing, "/keys", "a list of keys is expected here");
            return keys;
        }
        knownKeysOnly(*document, "", {"keys"});
        const auto& list = (*document)["keys"];
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (auto key = readKey(list[i], "/keys/" + std::to_string(i))) {
                keys.push_back(std::move(*key));
            }
        }
        checkWhole(keys);
        return keys;
    }

    Problems& problems() { return problems_; }

private:
    void add(Code code, const std::string& pointer, std::string hint) {
        problems_.emplace_back(code,
                               Place{.path = pointer, .file = path_, .hint = std::move(hint)});
    }

    std::optional<json> parse() {
        std::ifstream file(path_, std::ios::binary);
        if (!file) {
            problems_.emplace_back(Code::ConfigFile, Place{.file = path_});
            return std::nullopt;
        }
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        try {
            std::vector<std::set<std::string>> open;
            const auto refuseEqualKeys = [&](int, json::parse_event_t event, json& parsed) {
                if (event == json::parse_event_t::object_start) open.emplace_back();
                if (event == json::parse_event_t::object_end) open.pop_back();
                if (event == json::parse_event_t::key &&
                    !open.back().insert(parsed.get<std::string>()).second) {
                    problems_.emplace_back(Code::ConfigDuplicate,
                                           Place{.path = parsed.get<std::string>(), .file = path_});
                }
                return true;
            };
            return json::parse(text, refuseEqualKeys, true, true);
        } catch (const json::parse_error& error) {
            const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                error.byte > 0 ? error.byte - 1 : 0, text.size()));
            const auto line = 1 + std::count(text.begin(), end, '\n');
            problems_.emplace_back(Code::ConfigSyntax,
                                   Place{.file = path_, .line = static_cast<std::uint32_t>(line)});
            return std::nullopt;
        }
    }

    void knownKeysOnly(const json& object, const std::string& pointer,
                       const std::vector<std::string>& known) {
        for (const auto& item : object.items()) {
            if (std::find(known.begin(), known.end(), item.key()) == known.end()) {
                add(Code::ConfigUnknownKey, pointer + "/" + item.key(), nearest(item.key(), known));
            }
        }
    }

    std::string textOf(const json& object, const std::string& pointer, const char* name) {
        if (!object.contains(name)) return {};
        if (!object[name].is_string()) {
            add(Code::ConfigType, pointer + "/" + name, "text is expected");
            return {};
        }
        return object[name].get<std::string>();
    }

    std::optional<Key> readKey(const json& object, const std::string& pointer) {
        if (!object.is_object()) {
            add(Code::ConfigType, pointer, "an object is expected");
            return std::nullopt;
        }
        knownKeysOnly(object, pointer, {"id", "use", "state", "key", "public"});
        const auto id = textOf(object, pointer, "id");
        const auto use = named(kUses, textOf(object, pointer, "use"));
        const auto state = named(kStates, textOf(object, pointer, "state"));
        if (!isKeyId(id))
            add(Code::KeyRing, pointer + "/id", "a to z, 0 to 9, - and . ; at most 64");
        if (!use) add(Code::KeyRing, pointer + "/use", "seal, index or sign");
        if (!state) add(Code::KeyRing, pointer + "/state", "active, old or destroyed");
        if (!use || !state || !isKeyId(id)) return std::nullopt;

        Key key{{id, *use, *state}, {}, {}, {}};
        const auto reference = textOf(object, pointer, "key");
        const auto public_file = textOf(object, pointer, "public");
        if (!public_file.empty()) readPublic(key, public_file, pointer + "/public");
        if (*state == KeyState::Destroyed) {
            if (!reference.empty()) {
                add(Code::KeyRing, pointer + "/key", "a destroyed key has no key");
            }
        } else if (!reference.empty()) {
            readPrivate(key, reference, pointer + "/key");
        } else if (public_file.empty() || *state == KeyState::Active) {
            add(Code::KeyMissing, pointer + "/key", "a file, env:NAME or fd:N");
        }
        return key;
    }

    void readPublic(Key& key, const std::string& file, const std::string& pointer) {
        if (key.entry.use != KeyUse::Sign || key.entry.state == KeyState::Active) {
            add(Code::KeyRing, pointer, "only an old or destroyed sign key has it");
            return;
        }
        std::ifstream in(file.starts_with('/') ? file : folder_ + "/" + file, std::ios::binary);
        const std::string pem{std::istreambuf_iterator<char>(in), {}};
        key.verify = readPublicKey(pem);
        if (!key.verify) {
            add(Code::KeyMissing, pointer, "a file with a public key in PEM");
        } else if (!isP256(key.verify.get())) {
            add(Code::KeyRing, pointer, "a P-256 key is expected");
        }
    }

    void readPrivate(Key& key, const std::string& reference, const std::string& pointer) {
        auto secret = readSecret(reference, folder_);
        if (!secret) {
            add(secret.error().code(), pointer, secret.error().place().hint);
            return;
        }
        if (key.entry.use == KeyUse::Sign) {
            key.sign = readPrivateKey(secret->bytes());
            const KeyContextPtr check(
                key.sign ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.sign.get(), nullptr) : nullptr);
            if (!isP256(key.sign.get()) || EVP_PKEY_pairwise_check(check.get()) != 1) {
                add(Code::KeyRing, pointer, "a P-256 private key in PEM is expected");
            }
            return;
        }
        auto digits = secret->bytes();
        while (digits.ends_with('\n') || digits.ends_with('\r')) digits.remove_suffix(1);
        auto bytes = fromHex(digits);
        if (!bytes || bytes->size() != 32) {
            add(Code::KeyRing, pointer, "32 bytes in hex are expected (64 digits)");
            return;
        }
        key.secret = Secret(std::move(*bytes));
    }

    void checkWhole(const std::vector<Key>& keys) {
        std::set<std::string_view> ids;
        std::set<std::string_view> secrets;
        for (const auto& key : keys) {
            if (!ids.insert(key.entry.id).second) {
                add(Code::ConfigDuplicate, "/keys", "an id names one key only");
            }
            if (!key.secret.bytes().empty() && !secrets.insert(key.secret.bytes()).second) {
                add(Code::KeyRing, "/keys", "two keys hold the same bytes");
            }
        }
        for (const auto& [name, use] : kUses) {
            const auto active = std::count_if(keys.begin(), keys.end(), [u = use](const Key& key) {
                return key.entry.use == u && key.entry.state == KeyState::Active;
            });
            if (active != 1) {
                add(Code::KeyRing, "/keys",
                    std::string("there must be exactly one active key for ") + name);
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
    Reader reader(path);
    auto keys = std::make_shared<Keys>();
    keys->all = reader.read();
    if (!reader.problems().empty()) return tl::make_unexpected(std::move(reader.problems()));
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
