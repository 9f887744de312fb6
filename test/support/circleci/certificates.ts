import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { X509Certificate, createPrivateKey, randomBytes, webcrypto } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";

/** A certificate with its key, PEM (the key as PKCS #8). */
export type Identity = { certificate: string; key: string };

/** A root and the intermediate that signs servers, as certificate authorities have them. */
export type Authority = { root: Identity; intermediate: Identity };

/** What a TLS server is given: the certificates it presents, in order, and its key. PEM. */
export type ServerIdentity = { cert: string; key: string };

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 86_400_000;

const identitySchema = v.object({ certificate: v.string(), key: v.string() });
const authoritySchema = v.object({ root: identitySchema, intermediate: identitySchema });

/**
 * An authority of our own. With a folder it is kept there, key and all (mode 0600), so that the next start has
 * the same extra CA; one that is damaged or about to expire is replaced.
 */
export async function openAuthority(cacheDir?: string): Promise<Authority> {
  if (cacheDir === undefined) {
    return createAuthority();
  }
  const file = join(cacheDir, "authority.json");
  const kept = await readKept(file);
  if (kept !== undefined) {
    return kept;
  }
  const authority = await createAuthority();
  await mkdir(cacheDir, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(authority), { mode: 0o600 });
  await rm(file, { force: true });
  try {
    // Unlike a rename this fails if another start has just put its own there; that one then counts for both.
    await link(temporary, file);
    return authority;
  } catch (error) {
    const theirs = await readKept(file);
    if (theirs === undefined) {
      throw error;
    }
    return theirs;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** A new root and intermediate, good for ten years. */
export async function createAuthority(): Promise<Authority> {
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + 3650 * day) };
  const authority = (path: number): x509.Extension[] => [
    new x509.BasicConstraintsExtension(true, path, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
  const root = await issue({
    name: "CN=Local Test Root CA,O=Local Test",
    ...validity,
    extensions: authority(1),
  });
  const intermediate = await issue({
    name: "CN=Local Test Intermediate CA,O=Local Test",
    ...validity,
    extensions: authority(0),
    signer: root,
  });
  return { root, intermediate };
}

/** Details of a server certificate that tests bend; `notAfter` in the past makes an expired one. */
export type LeafOptions = { notBefore?: Date; notAfter?: Date };

/**
 * A server certificate for the given DNS names, good for 90 days, presented with the intermediate and without
 * the root, as public servers do.
 */
export async function createServerIdentity(
  authority: Authority,
  names: readonly [string, ...string[]],
  options: LeafOptions = {},
): Promise<ServerIdentity> {
  const leaf = await createLeaf(authority.intermediate, names, options);
  return { cert: leaf.certificate + authority.intermediate.certificate, key: leaf.key };
}

/** A server certificate alone, signed by `signer`, or by itself without one. */
export async function createLeaf(
  signer: Identity | undefined,
  names: readonly [string, ...string[]],
  options: LeafOptions = {},
): Promise<Identity> {
  return issue({
    name: `CN=${names[0]}`,
    notBefore: options.notBefore ?? new Date(Date.now() - day),
    notAfter: options.notAfter ?? new Date(Date.now() + 90 * day),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns", value }))),
    ],
    ...(signer === undefined ? {} : { signer }),
  });
}

type Issue = {
  name: string;
  notBefore: Date;
  notAfter: Date;
  extensions: x509.Extension[];
  /** Who signs; the certificate's own key if nobody is given. */
  signer?: Identity;
};

async function issue(request: Issue): Promise<Identity> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const signer = request.signer;
  const issuer = signer === undefined ? undefined : new x509.X509Certificate(signer.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: `01${randomBytes(15).toString("hex")}`,
    subject: request.name,
    issuer: issuer?.subject ?? request.name,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    publicKey: keys.publicKey,
    signingKey: signer === undefined ? keys.privateKey : await importKey(signer.key),
    signingAlgorithm: algorithm,
    extensions: [
      ...request.extensions,
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      // Python's strict verification, which the AWS CLI may use, wants it.
      await x509.AuthorityKeyIdentifierExtension.create(issuer?.publicKey ?? keys.publicKey),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key: key.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = createPrivateKey(pem).export({ format: "der", type: "pkcs8" });
  return webcrypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
}

async function readKept(file: string): Promise<Authority | undefined> {
  try {
    const data: unknown = JSON.parse(await readFile(file, "utf8"));
    const authority = v.parse(authoritySchema, data);
    const inAMonth = Date.now() + 30 * day;
    const lasts = [authority.root, authority.intermediate].every(({ certificate, key }) => {
      const parsed = new X509Certificate(certificate);
      return Date.parse(parsed.validTo) > inAMonth && parsed.checkPrivateKey(createPrivateKey(key));
    });
    return lasts ? authority : undefined;
  } catch {
    // None yet, or not readable: the caller makes a new one.
    return undefined;
  }
}
