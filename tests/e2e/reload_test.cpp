// Certificates and revocation lists that change while the gateway runs.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>

#include "tests/support/documents.h"
#include "tests/support/running_gateway.h"

namespace stafett::e2e {
namespace {

namespace fs = std::filesystem;
using support::documentRequest;
using support::Json;
using support::Names;
using ::testing::HasSubstr;

/// A gateway with certificates of its own to change, and an authority that can revoke.
class Reload : public ::testing::Test {
protected:
    Reload()
        : gateway_("reload", [this](const support::GatewayFolder& folder) {
              own_ = folder.root() / "tls";
              fs::copy(folder.certificates(), own_, fs::copy_options::recursive);
              folder.edit("stafett.json", [this](Json& json) {
                  auto& tls = json["tls"];
                  tls["certificate"] = (own_ / "gateway.pem").string();
                  tls["key"] = (own_ / "gateway.key").string();
                  tls["authorities"] = (own_ / "ca.pem").string();
                  tls["revocation_lists"] = {(own_ / "crl.pem").string()};
              });
          }) {
        gateway_.agency("fk");
        gateway_.agency("kommun");
    }

    bool isTaken() {
        Names names;
        const auto answer = gateway_.trySend("kommun", documentRequest("remiss.xml", names));
        return answer && answer->headers.get("Stafett-Outcome") == "accepted";
    }
    /// Runs openssl in the folder of our certificates.
    void openssl(const std::string& arguments) const {
        const auto cnf = (fs::path(STAFETT_SOURCE_DIR) / "certs/authority.cnf").string();
        const auto command = "cd '" + own_.string() +
                             "' && CA=authority SAN='' openssl ca -config '" + cnf + "' " +
                             arguments + " >openssl.log 2>&1";
        ASSERT_EQ(std::system(command.c_str()), 0) << support::readFile(own_ / "openssl.log");
    }
    void replace(const std::string& name, const std::string& text) const {
        fs::remove(own_ / name);
        support::writeFile(own_ / name, text);
        ASSERT_EQ(::chmod((own_ / name).c_str(), 0400), 0);
    }

    fs::path own_;
    support::RunningGateway gateway_;
};

TEST_F(Reload, T18_OfHalfACertificateOrAnothersKeyLeavesTheOldOnesInForce) {
    ASSERT_TRUE(isTaken());
    const auto pem = support::readFile(own_ / "gateway.pem");
    replace("gateway.pem", pem.substr(0, pem.size() / 2));
    EXPECT_EQ(gateway_.reload(), "reload_refused");
    EXPECT_TRUE(isTaken());
    replace("gateway.pem", "");
    EXPECT_EQ(gateway_.reload(), "reload_refused");
    replace("gateway.pem", support::readFile(own_ / "fk-system.pem"));  // the key is still the old
    EXPECT_EQ(gateway_.reload(), "reload_refused");
    EXPECT_TRUE(isTaken());
    EXPECT_THAT(support::readFile(gateway_.folder().log()), HasSubstr("ST-TLS-004"));

    replace("gateway.key", support::readFile(own_ / "fk-system.key"));  // and now it is the pair
    EXPECT_EQ(gateway_.reload(), "reloaded");
    EXPECT_TRUE(isTaken());
    const auto told = own_ / "presented";
    const auto command =
        "openssl s_client -connect localhost:" + std::to_string(gateway_.folder().inboxPort()) +
        " -cert '" + (own_ / "kommun-system.pem").string() + "' -key '" +
        (own_ / "kommun-system.key").string() + "' </dev/null >'" + told.string() + "' 2>&1";
    ASSERT_NE(std::system(command.c_str()), -1);
    EXPECT_THAT(support::readFile(told), HasSubstr("CN = fk-system")) << "new connections see it";
}

TEST_F(Reload, T6_OfAListCutsWhoeverIsInItOffTheOpenConnectionToo) {
    ASSERT_TRUE(isTaken());  // over a connection that is kept
    openssl("-revoke kommun-system.pem");
    openssl("-gencrl -out crl-new.pem");
    replace("crl.pem", support::readFile(own_ / "crl-new.pem"));
    EXPECT_EQ(gateway_.reload(), "reloaded");
    EXPECT_FALSE(isTaken());
    EXPECT_FALSE(isTaken()) << "nor over a new one";
    replace("crl.pem", "");
    EXPECT_EQ(gateway_.reload(), "reload_refused") << "without a list nothing is known";
    EXPECT_FALSE(isTaken());
}

}  // namespace
}  // namespace stafett::e2e
