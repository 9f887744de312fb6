import { randomBytes, randomUUID } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const letters = (count: number): string =>
  Array.from(randomBytes(count), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");

/**
 * A unique id with one of IAM's prefixes, 21 characters.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export const uniqueId = (prefix: "AROA" | "AIDA" | "ANPA"): string => `${prefix}${letters(17)}`;

/** The three parts of temporary credentials. */
export const temporaryKey = (): { accessKeyId: string; secret: string; token: string } => ({
  accessKeyId: `ASIA${letters(16)}`,
  secret: randomBytes(30).toString("base64"),
  token: randomBytes(192).toString("base64"),
});

export const requestId = (): string => randomUUID();
