import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { wizardHtml } from "../../src/features/wizard/html.ts";
import type { ToWebview } from "../../src/shared/protocol.ts";
import { themes } from "./webview-themes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The bundle as the product ships it: same entries, same format, minified. */
async function bundle(): Promise<ReadonlyMap<string, Uint8Array>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["webview/main.ts", "webview/style.css"],
    outdir: "dist/webview",
    bundle: true,
    minify: true,
    format: "esm",
    target: "chrome138",
    write: false,
  });
  return new Map(
    outputFiles.map((file) => [file.path.endsWith(".css") ? "/style.css" : "/main.js", file.contents]),
  );
}

const types = new Map([
  ["/", "text/html"],
  ["/main.js", "text/javascript"],
  ["/style.css", "text/css"],
]);

async function serve(): Promise<{ server: Server; origin: string }> {
  const files = new Map(await bundle());
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const body = files.get(path);
    if (body === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "content-type": `${types.get(path)}; charset=utf-8` }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  const origin = `http://127.0.0.1:${address.port}`;
  const page = wizardHtml({
    nonce: "dGVzdHRlc3R0ZXN0dGVzdA==",
    cspSource: origin,
    scriptUri: `${origin}/main.js`,
    styleUri: `${origin}/style.css`,
    title: "CircleCI OIDC for AWS",
    lang: "en",
  });
  files.set("/", Buffer.from(page));
  return { server, origin };
}

export type Wizard = {
  readonly page: Page;
  /** Posts a message as the host does and waits until it is on display. */
  readonly post: (message: ToWebview) => Promise<void>;
  /** Everything the webview has said so far, as it was posted. */
  readonly said: () => Promise<readonly unknown[]>;
  /** Errors and warnings on the console, uncaught errors, failed requests, breaches of the CSP. */
  readonly complaints: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

export type OpenOptions = BrowserContextOptions & { readonly theme?: keyof typeof themes };

export type WebviewServer = {
  readonly browser: Browser;
  readonly open: (options?: OpenOptions) => Promise<Wizard>;
  readonly close: () => Promise<void>;
};

/** Runs before any script of the page, as VS Code's own preparation of a webview does. */
function preparation(theme: keyof typeof themes): string {
  const { kind, colors } = themes[theme];
  return `
    window.said = [];
    window.breaches = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.breaches.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample);
    });
    window.acquireVsCodeApi = () => ({ postMessage: (message) => { window.said.push(structuredClone(message)); } });
    const dress = () => {
      for (const [name, value] of Object.entries(${JSON.stringify(colors)})) {
        document.documentElement.style.setProperty("--vscode-" + name, value);
      }
      document.body.classList.add(${JSON.stringify(kind)});
      document.body.dataset.vscodeThemeKind = ${JSON.stringify(kind)};
    };
    document.addEventListener("DOMContentLoaded", dress);
  `;
}

async function open(browser: Browser, origin: string, options: OpenOptions): Promise<Wizard> {
  const { theme = "dark", ...contextOptions } = options;
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, ...contextOptions });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
  page.on("response", (response) => {
    if (!response.ok()) complaints.push(`${response.url()} ${response.status()}`);
  });
  await page.addInitScript({ content: preparation(theme) });
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.goto(`${origin}/`, { waitUntil: "load" });
  return {
    page,
    async post(message) {
      // Messages are delivered in order: when the echo of the second arrives, the first has been rendered.
      await page.evaluate(`new Promise((resolve) => {
        const marker = Math.random();
        const seen = (event) => {
          if (event.data !== marker) return;
          removeEventListener("message", seen);
          requestAnimationFrame(() => requestAnimationFrame(resolve));
        };
        addEventListener("message", seen);
        postMessage(${JSON.stringify(message)}, "*");
        postMessage(marker, "*");
      })`);
    },
    async said() {
      const said: unknown = await page.evaluate("window.said");
      return Array.isArray(said) ? said : [];
    },
    async complaints() {
      const breaches: unknown = await page.evaluate("window.breaches");
      return [...complaints, ...(Array.isArray(breaches) ? breaches.map(String) : ["no list of breaches"])];
    },
    close: () => context.close(),
  };
}

/** Builds the bundle, serves the page on loopback and starts Chromium. The caller closes it. */
export async function startWebview(): Promise<WebviewServer> {
  const { server, origin } = await serve();
  const browser = await chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    browser,
    open: (options = {}) => open(browser, origin, options),
    async close() {
      await browser.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
