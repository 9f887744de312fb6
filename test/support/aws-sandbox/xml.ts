/** What an answer may hold: a list becomes `<member>`s, a map `<entry>`s, `undefined` is left out. */
export type Xml =
  | string
  | number
  | boolean
  | undefined
  | readonly Xml[]
  | ReadonlyMap<string, number>
  | { readonly [name: string]: Xml };

/** The fields of one answer. */
export type XmlObject = { readonly [name: string]: Xml };

const NAMESPACE = {
  iam: "https://iam.amazonaws.com/doc/2010-05-08/",
  sts: "https://sts.amazonaws.com/doc/2011-06-15/",
} as const;

export type ServiceName = keyof typeof NAMESPACE;

const ENTITY: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

const escapeText = (text: string): string => text.replace(/[&<>"\t\n\r]/g, (c) => ENTITY[c] ?? c);

const isList = (value: Xml): value is readonly Xml[] => Array.isArray(value);

const isMap = (value: Xml): value is ReadonlyMap<string, number> => value instanceof Map;

const element = (name: string, value: Xml): string => {
  if (value === undefined) return "";
  if (isList(value)) return `<${name}>${value.map((item) => element("member", item)).join("")}</${name}>`;
  if (isMap(value)) {
    const entries = [...value].map(([key, item]) => element("entry", { key, value: item }));
    return `<${name}>${entries.join("")}</${name}>`;
  }
  if (typeof value === "object") return `<${name}>${fields(value)}</${name}>`;
  return `<${name}>${escapeText(String(value))}</${name}>`;
};

const fields = (value: XmlObject): string =>
  Object.entries(value)
    .map(([name, child]) => element(name, child))
    .join("");

/** The XML document of a successful call; actions without a result have only the metadata, as in AWS. */
export const resultXml = (
  service: ServiceName,
  action: string,
  result: XmlObject | undefined,
  requestId: string,
): string => {
  const body = result === undefined ? "" : element(`${action}Result`, result);
  const metadata = element("ResponseMetadata", { RequestId: requestId });
  return `<${action}Response xmlns="${NAMESPACE[service]}">${body}${metadata}</${action}Response>`;
};

/** The XML document of an error; `Type` is `Sender` for 4xx and `Receiver` for 5xx. */
export const errorXml = (
  service: ServiceName,
  error: { code: string; status: number; message: string },
  requestId: string,
): string => {
  const type = error.status >= 500 ? "Receiver" : "Sender";
  const body = element("Error", { Type: type, Code: error.code, Message: error.message });
  return `<ErrorResponse xmlns="${NAMESPACE[service]}">${body}${element("RequestId", requestId)}</ErrorResponse>`;
};

/** A time as IAM and STS print it: ISO 8601 in UTC, whole seconds. */
export const timestamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** RFC 3986 percent-encoding, as IAM applies to policy documents in its answers. */
export const urlEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
