/** The proxy to use: `url` may hold credentials; `noProxy` lists hosts to reach directly, as in `NO_PROXY`. */
export type Proxy = { url: string; noProxy?: string };

/**
 * The proxy that VS Code itself would take, from the settings `http.proxy` and `http.noProxy` and the
 * environment. As in VS Code, `http.noProxy` replaces `NO_PROXY` once it has an entry.
 * https://code.visualstudio.com/docs/setup/network
 */
export function chooseProxy(
  settings: { proxy?: string | undefined; noProxy?: readonly string[] | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): Proxy | undefined {
  const fromEnvironment = (name: string): string | undefined =>
    nonEmpty(environment[name]) ?? nonEmpty(environment[name.toLowerCase()]);
  const url = nonEmpty(settings.proxy) ?? fromEnvironment("HTTPS_PROXY") ?? fromEnvironment("HTTP_PROXY");
  if (url === undefined) {
    return undefined;
  }
  const noProxy = nonEmpty(settings.noProxy?.join(",")) ?? fromEnvironment("NO_PROXY");
  return noProxy === undefined ? { url } : { url, noProxy };
}

/**
 * Whether `host` is reached without the proxy: this machine always, else by the entries of `noProxy`, separated
 * by commas or spaces: `*`, a name with all names under it (`corp.example`, `.corp.example`, `*.corp.example`)
 * or an address, each with an optional port. Address ranges such as `10.0.0.0/8` are not understood.
 */
export function bypassesProxy(host: string, port: number, noProxy: string | undefined): boolean {
  const name = host.toLowerCase().replaceAll(/[[\]]/g, "").replace(/\.$/, "");
  if (name === "localhost" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name)) {
    return true;
  }
  return (noProxy ?? "")
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entryCovers(entry, name, port));
}

function entryCovers(entry: string, name: string, port: number): boolean {
  // An IPv6 address without brackets has colons of its own and no port.
  const [, host = entry, entryPort] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  const domain = host.replaceAll(/[[\]]/g, "").replace(/^\*?\./, "");
  const covered = domain === "*" || (domain !== "" && (name === domain || name.endsWith(`.${domain}`)));
  return covered && (entryPort === undefined || Number(entryPort) === port);
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}
