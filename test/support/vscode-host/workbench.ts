import os from "node:os";
import path from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { findChromium } from "./debian.ts";
import { cleanEnvironment } from "./processes.ts";
import type { PayloadPair, VSCodeServer } from "./server.ts";

/** Options of `openWorkbench`. */
export type WorkbenchOptions = {
  readonly server: VSCodeServer;
  /** The folder to open (absolute path). */
  readonly folder: string;
  /**
   * An extension to run from its source folder, as F5 does. The newest release obeys only where the server
   * has `smokeTestDriver`; that hides notifications and dialogs, so journeys install a VSIX instead.
   */
  readonly extensionDevelopmentPath?: string;
  /** Further payload pairs of the page. */
  readonly payload?: readonly PayloadPair[];
  /** The browser's language, such as `en-US` (the default). */
  readonly browserLocale?: string;
  /** Size of the page in pixels; 1280 by 800 where not given. */
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Called with the page before it goes to the workbench, for `exposeFunction` and listeners. */
  readonly onPage?: (page: Page) => Promise<void>;
  /** How long the workbench may take to come up, in ms; 60,000 where not given. */
  readonly timeoutMs?: number;
};

/** A browser that shows a workbench. */
export type Workbench = {
  readonly browser: Browser;
  readonly page: Page;
  readonly close: () => Promise<void>;
};

const chromiumFlags = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Whatever a page asks for, nothing leaves this machine.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
];

/**
 * Launches headless Chromium. It gets no proxy variables, since it would call home through such a proxy.
 *
 * @param home folder for what it leaves in its HOME, such as crash reports
 */
export function launchChromium(home: string = os.tmpdir()): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    headless: true,
    chromiumSandbox: false,
    args: [...chromiumFlags],
    env: cleanEnvironment(home),
  });
}

/** The address by which a page of this server names a file on disk. */
export function remoteAddress(server: VSCodeServer, file: string): string {
  return `vscode-remote://${server.authority}${path.resolve(file)}`;
}

/**
 * Opens a folder in the workbench of a running server and waits until VS Code has restored it.
 *
 * @throws Error when there is no Chromium, the development extension would be ignored, or the workbench does not come up in time
 */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { server } = options;
  if (options.extensionDevelopmentPath !== undefined && !server.smokeTestDriver) {
    throw new Error(
      "extensionDevelopmentPath needs a server with smokeTestDriver; otherwise install a VSIX.",
    );
  }
  const browser = await launchChromium(server.tempDir);
  try {
    const context = await browser.newContext({
      locale: options.browserLocale ?? "en-US",
      viewport: options.viewport ?? { width: 1280, height: 800 },
    });
    const page = await context.newPage();
    await options.onPage?.(page);
    const timeout = options.timeoutMs ?? 60_000;
    const development: readonly PayloadPair[] =
      options.extensionDevelopmentPath === undefined
        ? []
        : [["extensionDevelopmentPath", remoteAddress(server, options.extensionDevelopmentPath)]];
    await page.goto(server.url(options.folder, [...development, ...(options.payload ?? [])]), { timeout });
    await page.locator(".monaco-workbench .part.statusbar .statusbar-item").first().waitFor({ timeout });
    // VS Code sets this mark when it enters the phase "restored".
    await page.waitForFunction(
      "performance.getEntriesByName('code/didStartWorkbench').length > 0",
      undefined,
      {
        timeout,
      },
    );
    return { browser, page, close: () => browser.close() };
  } catch (error) {
    await browser.close();
    throw error;
  }
}
