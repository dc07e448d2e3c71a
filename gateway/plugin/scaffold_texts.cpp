#include "gateway/plugin/scaffold_texts.h"

namespace stafett::plugin {
namespace {

constexpr std::string_view kManifest = R"~({
  "plugin": "NAME", "version": "1.0.0", "dialect": "NAME", "status": "alpha",
  "title": { "sv": "NAME", "en": "NAME" },
  "read": { "format": "json", "body": 1048576 },

  "inbound": [
    { "method": "POST", "path": "/NAME/remiss", "content_types": ["application/json"],
      "forms": [ { "form": "remiss" } ] } ],

  "outbound": [
    { "kind": "referral", "form": "remiss", "method": "POST", "path": "/NAME/remiss",
      "content_type": "application/json; charset=utf-8" } ],

  "replies": "problem+json",
  "interpret": "http",
  "settings": { "type": "object", "properties": {} }
}
)~";

constexpr std::string_view kReadme = R"~(# NAME

**What it speaks.** One JSON document, a referral, at `POST /NAME/remiss` over mutual TLS. Replies are `application/problem+json`.
`dialect.md` is the whole of it on one page.

**Who owns it.** Say who.

**Settings.** None.

**What is dropped, kept, or has no place, and why.** What `mappings/NAME/remiss.map.json` lists under `cannot_carry`: all that no row names.

**Try it**

```sh
stafett mapping try mappings/NAME/remiss.map.json --explain
stafett translate --from NAME --to municipality plugins/NAME/cases/remiss_first/wire.json
```
)~";

constexpr std::string_view kDialect = R"~(# The dialect of NAME

| | |
|---|---|
| transport | HTTPS, mutual TLS, `POST /NAME/remiss`, `application/json; charset=utf-8` |
| accepted | 200 with `Stafett-Receipt` |
| refused | 400, 403, 409, 422, 503 with `application/problem+json` |

## remiss (referral)

| field | must | what |
|---|---|---|
| `id` | yes | the sender's id of this message |
| `case` | | the case number of whoever this document belongs to |
| `from` | yes | organisationsnummer of the sender |
| `to[]/party`, `unit`, `role` | yes | organisationsnummer of each receiver, its function, `lead` or `part` |
| `ground[]` | | legal basis |
| `consent`, `consent_to` | | reference of the consent, the last day it holds |
| `person`, `given`, `family` | yes | personnummer or samordningsnummer, twelve digits; names |
| `why`, `words` | yes | reason, a code of `mappings/NAME/codes/reason.json`; the same in words |
)~";

constexpr std::string_view kMapping =
    R"~(// A referral of NAME. docs/mapping-language.md tells what a row may say; stafett mapping check tells what is wrong.
{
  "$schema": "../mapping.schema.json",
  "mapping": "NAME/remiss", "version": "1.0.0", "canonical": "referral/1",
  "wire": { "format": "json", "insignificant": ["whitespace-between", "object-key-order"] },
  "rows": [
    { "canonical": "wire/id",      "wire": "id", "required": true },
    { "canonical": "case/own",     "wire": "case" },
    { "canonical": "sender/party", "wire": "from", "as": "orgnr:10", "required": true },
    { "canonical": "receivers", "each": "to", "rows": [
      { "canonical": "party",    "wire": "party", "as": "orgnr:10", "required": true },
      { "canonical": "function", "wire": "unit" },
      { "canonical": "role",     "wire": "role", "as": "text" } ] },
    { "canonical": "legalBasis", "each": "ground", "order": "kept", "rows": [
      { "canonical": ".", "wire": "." } ] },
    { "canonical": "consent/ref",     "wire": "consent" },
    { "canonical": "consent/validTo", "wire": "consent_to" },
    { "canonical": "person/id",     "wire": "person", "as": "personnummer:12", "required": true },
    { "canonical": "person/given",  "wire": "given" },
    { "canonical": "person/family", "wire": "family" },
    { "canonical": "reason/code",   "wire": "why", "table": "reason", "required": true },
    { "canonical": "reason/text",   "wire": "words" }
  ],
  "cannot_carry": [
    // A message about a protected person is not sent here at all: what must not be lost has no place.
    { "canonical": "protection", "because": "this dialect has no place for it yet", "unless_empty": true },
    { "canonical": "*", "because": "this dialect has no place for it yet" }
  ]
}
)~";

constexpr std::string_view kTable = R"~({ "table": "reason", "version": "1.0.0", "set": "reason",
  "rows": [
    { "canonical": "nollplacerad", "wire": "NOLL" },
    { "canonical": "daglig_verksamhet_lss", "wire": "LSS" },
    { "canonical": "langtidssjukskriven", "wire": "SJUK" },
    { "canonical": "langtidsarbetslos", "wire": "ARBLOS" },
    { "canonical": "funktionsnedsattning_psykisk", "wire": "PSYK" },
    { "canonical": "funktionsnedsattning_fysisk", "wire": "FYS" },
    { "canonical": "utrikesfodd", "wire": "UTRIKES" },
    { "canonical": "nyanland", "wire": "NYANL" },
    { "canonical": "aldrig_arbetat", "wire": "ALDRIG" },
    { "canonical": "utred_ratt_till_ersattning", "wire": "UTRED" },
    { "canonical": "behov_av_samordnad_rehabilitering", "wire": "REHAB" },
    { "canonical": "annan", "wire": "ANNAN" } ] }
)~";

constexpr std::string_view kTest = R"~([
  { "name": "a first referral",
    "wire": "{\"id\":\"N-1\",\"case\":\"17\",\"from\":\"2120001124\",\"to\":[{\"party\":\"2021005521\"}],\"ground\":[\"SoL 3:5\"],\"person\":\"191212121212\",\"given\":\"Tolvan\",\"family\":\"Tolvansson\",\"why\":\"NOLL\",\"words\":\"Utan SGI\"}",
    "attributes": {},
    "canonical": {
      "message": { "senderId": "N-1", "kind": "referral", "schema": "referral/1" },
      "case": { "sender": "17" },
      "sender": { "party": "2120001124" },
      "receivers": [ { "party": "2021005521" } ],
      "legalBasis": [ "SoL 3:5" ],
      "person": { "id": "pnr:191212121212", "given": "Tolvan", "family": "Tolvansson" },
      "reason": { "code": "nollplacerad", "text": "Utan SGI" } } },
  { "name": "an unknown code and a wrong number",
    "wire": "{\"id\":\"N-2\",\"from\":\"2120001124\",\"to\":[{\"party\":\"2021005521\"}],\"person\":\"191212121213\",\"why\":\"?\"}",
    "refused": [ { "code": "ST-PER-001", "path": "person" }, { "code": "ST-MAP-014", "path": "why" } ] }
]
)~";

constexpr std::string_view kCaseWire = R"~({
  "id": "N-1",
  "case": "17",
  "from": "2120001124",
  "to": [ { "party": "2021005521" } ],
  "ground": [ "SoL 3:5" ],
  "person": "191212121212",
  "given": "Tolvan",
  "family": "Tolvansson",
  "why": "NOLL",
  "words": "Utan SGI"
}
)~";

constexpr std::string_view kCaseCanonical = R"~({
  "message": {
    "senderId": "N-1",
    "kind": "referral",
    "schema": "referral/1"
  },
  "case": {
    "sender": "17"
  },
  "sender": {
    "party": "2120001124"
  },
  "receivers": [
    {
      "party": "2021005521"
    }
  ],
  "legalBasis": [
    "SoL 3:5"
  ],
  "person": {
    "id": "pnr:191212121212",
    "given": "Tolvan",
    "family": "Tolvansson"
  },
  "reason": {
    "code": "nollplacerad",
    "text": "Utan SGI"
  }
}
)~";

constexpr std::string_view kCaseAttributes = R"~({
  "method": "POST",
  "path": "/NAME/remiss",
  "headers": {
    "Content-Type": "application/json; charset=utf-8"
  }
}
)~";

constexpr std::string_view kCaseTwice = R"~({ "id": "N-2", "id": "N-3" }
)~";

}  // namespace

const std::vector<ScaffoldFile>& scaffoldFiles() {
    static const std::vector<ScaffoldFile> files = {
        {"plugins/NAME/CMakeLists.txt", "stafett_add_plugin(NAME)\n"},
        {"plugins/NAME/manifest.json", kManifest},
        {"plugins/NAME/README.md", kReadme},
        {"plugins/NAME/dialect.md", kDialect},
        {"plugins/NAME/cases/remiss_first/wire.json", kCaseWire},
        {"plugins/NAME/cases/remiss_first/canonical.json", kCaseCanonical},
        {"plugins/NAME/cases/remiss_first/attributes.json", kCaseAttributes},
        {"plugins/NAME/cases/remiss_key_twice/wire.json", kCaseTwice},
        {"plugins/NAME/cases/remiss_key_twice/refused.txt", "ST-JSON-003\n"},
        {"plugins/NAME/cases/remiss_key_twice/attributes.json", kCaseAttributes},
        {"mappings/NAME/remiss.map.json", kMapping},
        {"mappings/NAME/remiss.test.json", kTest},
        {"mappings/NAME/codes/reason.json", kTable},
    };
    return files;
}

}  // namespace stafett::plugin
