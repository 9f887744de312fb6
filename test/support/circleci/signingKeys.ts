import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { calculateJwkThumbprint, type JWK } from "jose";

/** The issuer's key with the `kid` and JWK it publishes, and a key that only pretends to be it. */
export type SigningKeys = { kid: string; signer: KeyObject; publicJwk: JWK; forger: KeyObject };

const generate = promisify(generateKeyPair);

/** Makes the keys, RSA of 2048 bits; the signer is kept in the folder if one is given. */
export async function openSigningKeys(cacheDir?: string): Promise<SigningKeys> {
  const [signer, forger] = await Promise.all([openSigner(cacheDir), createKey()]);
  const { n, e } = createPublicKey(signer).export({ format: "jwk" });
  if (n === undefined || e === undefined) {
    throw new Error("The signing key is not an RSA key.");
  }
  const kid = await calculateJwkThumbprint({ kty: "RSA", n, e });
  return { kid, signer, publicJwk: { kty: "RSA", use: "sig", alg: "RS256", kid, n, e }, forger };
}

async function openSigner(cacheDir: string | undefined): Promise<KeyObject> {
  if (cacheDir === undefined) {
    return createKey();
  }
  const file = join(cacheDir, "signing-key.pem");
  try {
    return createPrivateKey(await readFile(file, "utf8"));
  } catch {
    // None yet, or damaged.
  }
  const key = await createKey();
  await mkdir(cacheDir, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, key.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
  await rename(temporary, file);
  return key;
}

async function createKey(): Promise<KeyObject> {
  const { privateKey } = await generate("rsa", { modulusLength: 2048 });
  return privateKey;
}
