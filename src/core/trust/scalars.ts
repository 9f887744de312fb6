/** A decimal number as a policy writes it; undefined for anything else, or more digits than are exact. */
export function readNumber(text: string): number | undefined {
  return /^-?\d+(?:\.\d+)?$/.test(text) && text.length <= 15 ? Number(text) : undefined;
}

const DATE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;

/**
 * A point in time in milliseconds: a W3C form of ISO 8601, or seconds since 1970. Undefined for anything else,
 * and for four digits, which could be either.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date,
 * https://www.w3.org/TR/NOTE-datetime
 */
export function readDate(text: string): number | undefined {
  if (/^\d{5,12}$/.test(text)) return Number(text) * 1000;
  const [
    ,
    year,
    month = "01",
    day = "01",
    hour = "00",
    minute = "00",
    second = "00",
    fraction = "",
    zone = "Z",
  ] = DATE.exec(text) ?? [];
  if (year === undefined || /^\d{4}$/.test(text)) return undefined;
  const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // A 30th of February would be taken for one of March.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(8, 10) !== day) return undefined;
  const milliseconds = fraction === "" ? 0 : Math.trunc(Number(fraction) * 1000);
  return local + milliseconds - offsetOf(zone);
}

function offsetOf(zone: string): number {
  if (zone === "Z") return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(":").map(Number);
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

type Address = { readonly bits: 32 | 128; readonly value: bigint };

function readIpv4(text: string): Address | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return undefined;
  return { bits: 32, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) };
}

function readIpv6(text: string): Address | undefined {
  const halves = text.split("::");
  if (halves.length > 2 || text.length > 39) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { bits: 128, value: groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n) };
}

function readAddress(text: string): Address | undefined {
  return text.includes(":") ? readIpv6(text) : readIpv4(text);
}

/**
 * Whether an address lies in a network of CIDR form. A single IPv4 address is a /32. Undefined where one of
 * the two has no such form, and for a single IPv6 address, for which AWS names no other prefix than /32.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
 */
export function networkContains(network: string, address: string): boolean | undefined {
  const [base = "", prefix, ...rest] = network.split("/");
  const from = readAddress(base);
  const actual = readAddress(address);
  if (from === undefined || actual === undefined || rest.length > 0) return undefined;
  if (prefix === undefined ? from.bits === 128 : !/^(?:0|[1-9]\d{0,2})$/.test(prefix)) return undefined;
  const length = prefix === undefined ? 32 : Number(prefix);
  if (length > from.bits) return undefined;
  const shift = BigInt(from.bits - length);
  return from.bits === actual.bits && from.value >> shift === actual.value >> shift;
}
