import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { AwsError, signatureMismatch } from "./errors.ts";

/** What a signature covers. `path` is as sent, `headers` in lower case. */
export type SignedRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Signature = {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
};

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Reads the `Authorization` header; `undefined` where there is none, `IncompleteSignature` where it is odd. */
export const readSignature = (headers: IncomingHttpHeaders): Signature | undefined => {
  const header = headers.authorization;
  if (header === undefined) return undefined;
  const [, accessKeyId, date, region, service, signed, signature] = FORM.exec(header) ?? [];
  if (
    accessKeyId === undefined ||
    date === undefined ||
    region === undefined ||
    service === undefined ||
    signed === undefined ||
    signature === undefined
  )
    throw new AwsError("IncompleteSignature", 400, "Authorization header is not in the expected format.");
  return { accessKeyId, date, region, service, signedHeaders: signed.split(";"), signature };
};

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text, "utf8").digest();

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalQuery = (query: string): string =>
  [...new URLSearchParams(query)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");

const headerValue = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  if (value === undefined) throw signatureMismatch(`The signed header ${name} was not sent.`);
  return (Array.isArray(value) ? value.join(",") : value).trim().replaceAll(/ +/g, " ");
};

const canonicalRequest = (request: SignedRequest, signedHeaders: readonly string[]): string =>
  [
    request.method,
    request.path.split("/").map(encode).join("/"),
    canonicalQuery(request.query),
    ...signedHeaders.map((name) => `${name}:${headerValue(request.headers, name)}`),
    "",
    signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");

const signingTime = (headers: IncomingHttpHeaders): string => {
  const value = headers["x-amz-date"];
  if (typeof value !== "string" || !/^\d{8}T\d{6}Z$/.test(value))
    throw new AwsError(
      "IncompleteSignature",
      400,
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  return value;
};

const FIFTEEN_MINUTES = 15 * 60_000;

const checkTime = (stamp: string, date: string, nowMs: number): void => {
  const iso = stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  if (!stamp.startsWith(date))
    throw signatureMismatch("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date");
  const skew = nowMs - Date.parse(iso);
  if (Number.isNaN(skew) || Math.abs(skew) > FIFTEEN_MINUTES)
    throw signatureMismatch(`Signature ${skew > 0 ? "expired" : "not yet current"}: ${stamp}`);
};

const REQUIRED = ["host", "x-amz-date"];

/**
 * Verifies an AWS Signature Version 4; throws `SignatureDoesNotMatch`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @param nowMs real time: the age of a signature has nothing to do with the sandbox clock
 */
export const verifySignature = (
  request: SignedRequest,
  given: Signature,
  secret: string,
  nowMs: number,
): void => {
  const missing = REQUIRED.find((name) => !given.signedHeaders.includes(name));
  if (missing !== undefined) throw signatureMismatch(`'${missing}' must be a signed header.`);
  const token = request.headers["x-amz-security-token"];
  if (token !== undefined && !given.signedHeaders.includes("x-amz-security-token"))
    throw signatureMismatch("'x-amz-security-token' must be a signed header.");
  const stamp = signingTime(request.headers);
  checkTime(stamp, given.date, nowMs);
  const scope = `${given.date}/${given.region}/${given.service}/aws4_request`;
  const text = [
    "AWS4-HMAC-SHA256",
    stamp,
    scope,
    sha256(canonicalRequest(request, given.signedHeaders)),
  ].join("\n");
  const dateKey = hmac(`AWS4${secret}`, given.date);
  const key = hmac(hmac(hmac(dateKey, given.region), given.service), "aws4_request");
  const expected = hmac(key, text);
  if (!timingSafeEqual(expected, Buffer.from(given.signature, "hex")))
    throw signatureMismatch(
      "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    );
};
