import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Frame, Locator, Page } from "playwright-core";

const defaultTimeoutMs = 20_000;
const pollMs = 100;

/** Escapes a text for use inside a regular expression. */
function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Matches an element whose whole text is this one; VS Code writes no-break spaces in some labels. */
function exactly(text: string): RegExp {
  return new RegExp(String.raw`^\s*${escapeRegExp(text).replaceAll(" ", String.raw`\s`)}\s*$`);
}

/** VS Code's quick input: command palette, quick picks and input boxes. */
export type QuickInput = {
  /** The widget; there is one, shown or hidden. */
  readonly widget: Locator;
  readonly input: Locator;
  /** The rows that are drawn now. */
  readonly rows: Locator;
  /** The row whose label is this text. */
  readonly row: (label: string) => Locator;
  /** Waits until the widget is shown, with this title where one is given. */
  readonly waitFor: (title?: string) => Promise<void>;
  /** The labels of the rows that are drawn now. */
  readonly labels: () => Promise<string[]>;
  /** The validation message or prompt below the input. */
  readonly message: Locator;
  /** Replaces the text of the input. */
  readonly fill: (text: string) => Promise<void>;
  /** Fills in a text and presses Enter. */
  readonly submit: (text: string) => Promise<void>;
  /** Waits for the row with this label and clicks it. */
  readonly choose: (label: string) => Promise<void>;
  readonly dismiss: () => Promise<void>;
};

/** Gives access to the quick input of a workbench. */
export function quickInput(page: Page): QuickInput {
  const widget = page.locator(".quick-input-widget");
  const input = widget.locator(".quick-input-box input");
  const rows = widget.locator(".quick-input-list .monaco-list-row");
  const row = (label: string): Locator =>
    rows.filter({ has: page.locator(".label-name", { hasText: exactly(label) }) }).first();
  return {
    widget,
    input,
    rows,
    row,
    waitFor: async (title) => {
      await widget.waitFor({ state: "visible", timeout: defaultTimeoutMs });
      if (title !== undefined) {
        await widget
          .locator(".quick-input-title", { hasText: title })
          .waitFor({ state: "visible", timeout: defaultTimeoutMs });
      }
    },
    labels: () => rows.locator(".quick-input-list-label .label-name").allInnerTexts(),
    message: widget.locator(".quick-input-message"),
    fill: (text) => input.fill(text),
    submit: async (text) => {
      await input.fill(text);
      await input.press("Enter");
    },
    choose: (label) => row(label).click({ timeout: defaultTimeoutMs }),
    dismiss: () => pressUntil(page, "Escape", widget, "hidden", Date.now() + defaultTimeoutMs),
  };
}

/**
 * Presses a key until the quick input is shown, or hidden: a key that meets a webview which closes just now is lost, and
 * a quick input is shown a moment before it has the focus.
 */
async function pressUntil(
  page: Page,
  key: string,
  widget: Locator,
  state: "visible" | "hidden",
  deadline: number,
): Promise<void> {
  for (;;) {
    await page.keyboard.press(key);
    const reached = await widget.waitFor({ state, timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (reached) return;
    if (Date.now() > deadline) throw new Error(`The quick input does not become ${state} by ${key}.`);
  }
}

/** Opens the command palette, types `text` and clicks the row `label`; opens it again until the row is there. */
async function pickInPalette(page: Page, text: string, label: string, timeoutMs: number): Promise<void> {
  const quick = quickInput(page);
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    await pressUntil(page, "F1", quick.widget, "visible", deadline);
    await quick.fill(text);
    const row = quick.row(label);
    // An extension that is still starting adds its commands later, and an open palette does not notice.
    const found = await row.waitFor({ state: "visible", timeout: 2000 }).then(
      () => true,
      () => false,
    );
    if (found) {
      await row.click();
      return;
    }
    const seen = await quick.labels();
    await quick.dismiss();
    if (Date.now() > deadline) {
      throw new Error(`"${label}" is not in the list; it has: ${seen.join(", ") || "nothing"}.`);
    }
  }
}

/**
 * Runs a command by the title that the command palette shows, such as `CircleCI OIDC: Export Setup`.
 *
 * @throws Error when the palette does not offer it within `timeoutMs`
 */
export async function runCommand(page: Page, title: string, timeoutMs = defaultTimeoutMs): Promise<void> {
  await pickInPalette(page, `>${title}`, title, timeoutMs);
}

/** Opens a file of the workspace by its name (or a path that ends in it) and waits for its editor tab. */
export async function openFile(page: Page, name: string, timeoutMs = defaultTimeoutMs): Promise<void> {
  const label = path.posix.basename(name);
  await pickInPalette(page, name, label, timeoutMs);
  await page
    .locator(`.tabs-container .tab.active[data-resource-name="${label}"]`)
    .waitFor({ state: "visible", timeout: timeoutMs });
}

/** What the wanted webview contains. */
export type WebviewContent = {
  /** A text its body contains. */
  readonly hasText?: string | RegExp;
  /** A CSS selector that matches something in it. */
  readonly selector?: string;
  readonly timeoutMs?: number;
};

/** A webview is a frame in a frame; the inner one with this id is loaded and shown. */
async function isActiveFrame(frame: Frame): Promise<boolean> {
  const parent = frame.parentFrame();
  if (parent === null) {
    return false;
  }
  const element = await frame.frameElement();
  return (await element.getAttribute("id")) === "active-frame";
}

/**
 * Finds the inner frame of the webview with this content, waiting for it.
 *
 * @throws Error when there is none within the time
 */
export async function webviewFrame(page: Page, content: WebviewContent): Promise<Frame> {
  const timeoutMs = content.timeoutMs ?? defaultTimeoutMs;
  const deadline = Date.now() + timeoutMs;
  const matches = async (frame: Frame): Promise<boolean> => {
    try {
      const wanted = frame.locator(
        content.selector ?? "body",
        content.hasText === undefined ? {} : { hasText: content.hasText },
      );
      return (await isActiveFrame(frame)) && (await wanted.count()) > 0;
    } catch {
      // The frame went away while we looked at it.
      return false;
    }
  };
  for (;;) {
    for (const frame of page.frames()) {
      if (await matches(frame)) {
        return frame;
      }
    }
    if (Date.now() > deadline) {
      const wanted = String(content.selector ?? content.hasText ?? "any content");
      throw new Error(`No webview with ${wanted} within ${timeoutMs} ms.`);
    }
    await page.waitForTimeout(pollMs);
  }
}

/** Longer than VS Code shows a toast. */
const toastMs = 15_000;

/** The notifications a workbench shows at its lower right. */
export type Notifications = {
  readonly items: Locator;
  /** Their texts now. */
  readonly texts: () => Promise<string[]>;
  /** Waits for one that contains this text. */
  readonly waitFor: (text: string | RegExp) => Promise<Locator>;
  /** Clicks a button of the one that contains this text. */
  readonly click: (text: string | RegExp, button: string) => Promise<void>;
};

/** Gives access to the notifications of a workbench. */
export function notifications(page: Page): Notifications {
  const items = page.locator(":is(.notifications-toasts, .notifications-center) .notification-list-item");
  const waitFor = async (text: string | RegExp): Promise<Locator> => {
    const item = items.filter({ hasText: text }).first();
    // A toast may be put away before a busy browser was looked at: then it is behind the bell, as it is for a user.
    const toast = item.waitFor({ state: "visible", timeout: toastMs });
    const isMissed = await toast.then(
      () => false,
      () => true,
    );
    if (isMissed) {
      await page.locator('.statusbar-item[id="status.notifications"]').click();
      await item.waitFor({ state: "visible", timeout: defaultTimeoutMs });
    }
    return item;
  };
  return {
    items,
    texts: () => items.locator(".notification-list-item-message").allInnerTexts(),
    waitFor,
    click: async (text, button) => {
      const item = await waitFor(text);
      await item.hover();
      await item
        .locator(".notification-list-item-buttons-container .monaco-button", { hasText: exactly(button) })
        .click();
    },
  };
}

/** Writes a PNG of the page, making its folder where needed; animations are finished and no caret is shown. */
export async function screenshot(page: Page, file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file, animations: "disabled", caret: "hide" });
}
