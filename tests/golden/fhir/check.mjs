// node check.mjs FILE...: says what is wrong with each FHIR R4 document; exit 1 when anything is.
// Shape, cardinality and required codes are the npm package fhir's; the rules below are what a Swedish message Bundle
// must keep besides (plugins/region/dialect.md).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { Fhir } = createRequire(import.meta.url)('fhir');
const fhir = new Fhir();

const kPersonSystems = ['personnummer', 'samordningsnummer', 'nationelltReservnummer', 'LMA-nummer']
  .map((name) => `http://electronichealth.se/identifier/${name}`);
const kOrganisation = 'urn:oid:2.5.4.97';
const kHsa = 'urn:oid:1.2.752.29.4.19';
const kSecurity = 'http://hl7.se/fhir/ig/base/CodeSystem/SecurityLabel';
const kLabels = ['sekretessmarkering', 'skyddadFolkbokforing'];

/** Every object below `value`, with its path. */
function* objects(value, path) {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* objects(item, `${path}[${i}]`);
  } else if (value !== null && typeof value === 'object') {
    yield [value, path];
    for (const [key, child] of Object.entries(value)) yield* objects(child, `${path}.${key}`);
  }
}

/** FHIR JSON has no empty text, list or object, and no null outside primitive arrays. */
function* emptiness(value, path) {
  const empty = value === '' || value === null ||
    (typeof value === 'object' && Object.keys(value).length === 0);
  if (empty) yield `${path}: empty`;
  else if (typeof value === 'object') {
    for (const [key, child] of Object.entries(value)) yield* emptiness(child, `${path}.${key}`);
  }
}

/** The entries a reference in `entry` leads to. */
function targets(bundle, entry, reference) {
  if (reference.startsWith('#')) {
    return (entry.resource.contained ?? []).filter((r) => r.id === reference.slice(1));
  }
  return bundle.entry.filter((e) => e.fullUrl === reference ||
    (e.resource.id && `${e.resource.resourceType}/${e.resource.id}` === reference));
}

/** Invariants of R4 that the package does not know, where we write something that could break them. */
function* invariants(resource, path) {
  for (const [object, at] of objects(resource, path)) {
    for (const [i, extension] of (object.extension ?? []).entries()) {
      const values = Object.keys(extension).filter((key) => key.startsWith('value')).length;
      if (values + (extension.extension ? 1 : 0) !== 1) yield `${at}.extension[${i}]: ext-1, one value or extensions`;
    }
    if (typeof object.value === 'number' && object.code && !object.system) yield `${at}: qty-3, a code without its system`;
  }
  for (const [i, contact] of (resource.resourceType === 'Patient' && resource.contact || []).entries()) {
    if (!contact.name && !contact.telecom && !contact.address && !contact.organization) {
      yield `${path}.contact[${i}]: pat-1, nobody to contact`;
    }
  }
  if (resource.resourceType === 'Consent' && !resource.policy && !resource.policyRule) {
    yield `${path}: ppc-1, neither policy nor policyRule`;
  }
}

/** A Patient with labels and nothing else: whoever the case is about is protected, and not named here. */
function saysProtectionAlone({ meta, ...rest }) {
  return (meta?.security ?? []).length > 0 &&
    Object.keys(rest).every((key) => key === 'resourceType' || key === 'id');
}

function* bundleRules(bundle) {
  if (bundle.type !== 'message') yield 'Bundle.type: not message';
  const first = bundle.entry?.[0]?.resource;
  if (first?.resourceType !== 'MessageHeader') {
    yield 'Bundle.entry[0]: not MessageHeader';
    return;
  }
  const urls = bundle.entry.map((e) => e.fullUrl).filter(Boolean);
  if (new Set(urls).size !== urls.length) yield 'Bundle.entry: equal fullUrl';
  for (const [i, entry] of bundle.entry.entries()) {
    const path = `Bundle.entry[${i}].resource`;
    for (const [object, at] of objects(entry.resource, path)) {
      if (typeof object.reference !== 'string') continue;
      const found = targets(bundle, entry, object.reference);
      if (found.length !== 1) yield `${at}.reference: leads to ${found.length} entries`;
    }
    yield* invariants(entry.resource, path);
    const { resourceType, identifier = [], meta } = entry.resource;
    if (resourceType === 'Patient') {
      if (!saysProtectionAlone(entry.resource) &&
          !identifier.some((id) => kPersonSystems.includes(id.system))) {
        yield `${path}.identifier: no Swedish personal number`;
      }
      for (const label of meta?.security ?? []) {
        if (label.system === kSecurity && !kLabels.includes(label.code)) {
          yield `${path}.meta.security: unknown label`;
        }
      }
    }
    if (resourceType === 'Organization') {
      const number = identifier.find((id) => id.system === kOrganisation);
      if (!/^[0-9]{10}$/.test(number?.value ?? '')) yield `${path}.identifier: no organisationsnummer`;
      for (const id of identifier) {
        if (id.system === kHsa && !/^SE(16)?[0-9]{10}-[A-Za-z0-9]+$/.test(id.value)) {
          yield `${path}.identifier: not an HSA-id`;
        }
      }
    }
  }
}

function problems(file) {
  let document;
  try {
    document = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return [`not JSON: ${error.message}`];
  }
  // The package takes false and 0 for missing values: it is shown true and 1 in their place.
  const shown = JSON.parse(JSON.stringify(document), (_, v) => (v === false ? true : v === 0 ? 1 : v));
  const found = fhir.validate(shown, { errorOnUnexpected: true }).messages
    .filter((m) => m.severity === 'error' || m.severity === 'fatal')
    .map((m) => `${m.location}: ${m.message}`);
  found.push(...emptiness(document, document.resourceType));
  if (document.resourceType === 'Bundle') found.push(...bundleRules(document));
  return found;
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node check.mjs FILE...');
  process.exit(64);
}
let wrong = 0;
for (const file of files) {
  const found = problems(file);
  wrong += found.length > 0;
  for (const problem of found) console.log(`${file}: ${problem}`);
}
console.log(`${files.length - wrong} good, ${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);
