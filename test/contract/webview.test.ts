import * as v from "valibot";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FromWebview, type Block, type WizardView } from "../../src/shared/protocol.ts";
import { startWebview, type WebviewServer, type Wizard } from "../support/webview-page.ts";
import { action } from "../support/webview-blocks.ts";
import { gallery, view } from "../support/webview-views.ts";

let webview: WebviewServer;
let wizard: Wizard;

beforeAll(async () => {
  webview = await startWebview();
});
afterAll(() => webview.close());
beforeEach(async () => {
  wizard = await webview.open();
});
afterEach(async () => {
  const said = await wizard.said();
  const complaints = await wizard.complaints();
  await wizard.close();
  // Every message of every test is one the host accepts, and none of them broke the content security policy.
  for (const message of said) expect(v.safeParse(FromWebview, message).issues).toBeUndefined();
  expect(complaints).toEqual([]);
});

const text = (id: string, value: string, error?: string): Block => ({
  kind: "field",
  field: { kind: "text", id, label: `Field ${id}`, value, ...(error === undefined ? {} : { error }) },
});
const checkbox = (id: string, checked: boolean): Block => ({
  kind: "field",
  field: { kind: "checkbox", id, label: `Field ${id}`, checked, enabled: true },
});
const show = (shown: WizardView, focus?: string) =>
  wizard.post({ type: "view", view: shown, ...(focus === undefined ? {} : { focus }) });
const page = (...blocks: readonly Block[]) => view("one", "Page one", blocks);
const box = (name: string) => wizard.page.getByRole("textbox", { name });
const active = () =>
  wizard.page.evaluate("document.activeElement.dataset.control ?? document.activeElement.tagName");
const caret = () =>
  wizard.page.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]");
const inputs = async () =>
  (await wizard.said()).filter((message) => v.is(v.looseObject({ type: v.literal("input") }), message));
const presses = async () =>
  (await wizard.said()).filter((message) => v.is(v.looseObject({ type: v.literal("press") }), message));

describe("typing", () => {
  test("says ready once, and each change of a text", async () => {
    await show(page(text("name", "")));
    await box("Field name").pressSequentially("ab");
    expect(await wizard.said()).toEqual([
      { type: "ready" },
      { type: "input", field: "name", value: "a" },
      { type: "input", field: "name", value: "ab" },
    ]);
  });

  test("late echoes change neither text, caret nor focus, and what appears above does not either", async () => {
    await show(page(text("name", "")));
    await box("Field name").pressSequentially("abcd");
    await wizard.page.keyboard.press("ArrowLeft");
    await wizard.page.keyboard.press("ArrowLeft");
    const notice: Block = { kind: "notice", tone: "info", text: "Looking" };
    for (const [at, echo] of ["", "a", "ab", "abc", "abcd"].entries()) {
      await show(
        at % 2 === 0 ? page(text("name", echo)) : page(notice, text("other", ""), text("name", echo, "Bad")),
      );
      expect(await box("Field name").inputValue()).toBe("abcd");
      expect(await active()).toBe("name");
      expect(await caret()).toEqual([2, 2]);
    }
  });

  test("focus and caret survive when the field itself changes its place", async () => {
    await show(page(text("a", "one"), text("b", "two"), text("c", "three")));
    await box("Field b").click();
    await wizard.page.keyboard.press("Home");
    await wizard.page.keyboard.press("ArrowRight");
    await show(page(text("c", "three"), text("b", "two"), text("a", "one")));
    expect(await active()).toBe("b");
    expect(await caret()).toEqual([1, 1]);
  });

  test("the host's own value wins over typed text and keeps the caret", async () => {
    await show(page(text("name", "")));
    await box("Field name").pressSequentially("ABCD");
    await wizard.page.keyboard.press("ArrowLeft");
    await show(page(text("name", "abcd")));
    expect(await box("Field name").inputValue()).toBe("abcd");
    expect(await caret()).toEqual([3, 3]);
  });

  test("after a press the host's word counts even where it repeats an older text", async () => {
    await show(page(text("name", "")));
    await box("Field name").pressSequentially("ab");
    await wizard.page.getByRole("button", { name: "Back" }).click();
    await show(page(text("name", "")));
    expect(await box("Field name").inputValue()).toBe("");
  });

  test("a half-composed character is not sent; the finished one is, once", async () => {
    await show(page(text("name", "")));
    await box("Field name").focus();
    const session = await wizard.page.context().newCDPSession(wizard.page);
    await session.send("Input.imeSetComposition", { text: "n", selectionStart: 1, selectionEnd: 1 });
    await session.send("Input.imeSetComposition", { text: "に", selectionStart: 1, selectionEnd: 1 });
    expect(await inputs()).toEqual([]);
    await session.send("Input.insertText", { text: "に" });
    expect(await inputs()).toEqual([{ type: "input", field: "name", value: "に" }]);
  });

  test("a text of many lines takes Enter as a new line, and keeps caret and focus over late echoes", async () => {
    const field = { kind: "text", id: "policy", label: "Field policy", multiline: true } as const;
    const many = (value: string) => page({ kind: "field", field: { ...field, value } });
    await show(many(""));
    await box("Field policy").pressSequentially("ab\ncd");
    await wizard.page.keyboard.press("ArrowLeft");
    for (const echo of ["", "a", "ab", "ab\n", "ab\nc", "ab\ncd"]) {
      await show(many(echo));
      expect(await box("Field policy").inputValue()).toBe("ab\ncd");
      expect([await active(), await caret()]).toEqual(["policy", [4, 4]]);
    }
    expect(await presses()).toEqual([]);
    expect((await inputs()).at(-1)).toEqual({ type: "input", field: "policy", value: "ab\ncd" });
  });

  test("what is shown of a field's value stays the raw text", async () => {
    await show(page(text("name", "a\u202Eb")));
    expect(await box("Field name").inputValue()).toBe("a\u202Eb");
  });
});

describe("other controls", () => {
  test("a checkbox says what it became; a render by the host says nothing", async () => {
    await show(page(checkbox("skip", false)));
    await show(page(checkbox("skip", true)));
    expect(await inputs()).toEqual([]);
    await wizard.page.getByRole("checkbox").click();
    await wizard.page.keyboard.press("Space");
    expect(await inputs()).toEqual([
      { type: "input", field: "skip", value: false },
      { type: "input", field: "skip", value: true },
    ]);
    await show(page(checkbox("skip", false)));
    expect(await wizard.page.getByRole("checkbox").getAttribute("aria-checked")).toBe("true");
    await show(page(checkbox("skip", true)));
    await show(page(checkbox("skip", false)));
    expect(await wizard.page.getByRole("checkbox").getAttribute("aria-checked")).toBe("false");
    expect(await inputs()).toHaveLength(2);
  });

  test("a field in a column says what was typed, and keeps it against late echoes", async () => {
    const columns = (value: string): Block => ({
      kind: "columns",
      main: [{ kind: "field", field: { kind: "text", id: "branches", label: "Branches", value } }],
      side: [{ kind: "text", text: `policy for ${value}` }],
    });
    await show(page(columns("")));
    await wizard.page.getByLabel("Branches").pressSequentially("ab");
    await show(page(columns("a")));
    expect(await wizard.page.getByLabel("Branches").inputValue()).toBe("ab");
    expect(await wizard.page.getByText("policy for a").count()).toBe(1);
    expect(await inputs()).toEqual([
      { type: "input", field: "branches", value: "a" },
      { type: "input", field: "branches", value: "ab" },
    ]);
  });

  test("a checkbox is named anew when its label changes", async () => {
    await show(page(checkbox("skip", false)));
    await show(
      page({
        kind: "field",
        field: { kind: "checkbox", id: "skip", label: "Other", checked: false, enabled: true },
      }),
    );
    expect(await wizard.page.getByRole("checkbox", { name: "Other" }).count()).toBe(1);
  });

  test("a disabled checkbox and a disabled button say nothing", async () => {
    await show({
      ...page({
        kind: "field",
        field: { kind: "checkbox", id: "off", label: "Off", checked: false, enabled: false },
      }),
      footer: [action("go", "Go", "primary", false), action("link", "Link", "link", false)],
    });
    await wizard.page.locator("#off").dispatchEvent("click");
    await wizard.page.locator('[data-control="go"]').dispatchEvent("click");
    await wizard.page.locator('[data-control="link"]').click({ force: true });
    expect(await wizard.said()).toEqual([{ type: "ready" }]);
  });

  test("radio buttons follow the arrow keys and late echoes do not move the choice back", async () => {
    const options = ["a", "b", "c"].map((value) => ({ value, label: `Option ${value}` }));
    const radio = (value: string): Block => ({
      kind: "field",
      field: { kind: "radio", id: "scope", label: "Scope", value, options },
    });
    await show(page(radio("a")));
    await wizard.page.getByRole("radio", { name: "Option a" }).focus();
    await wizard.page.keyboard.press("ArrowDown");
    await wizard.page.keyboard.press("ArrowDown");
    expect(await inputs()).toEqual([
      { type: "input", field: "scope", value: "b" },
      { type: "input", field: "scope", value: "c" },
    ]);
    for (const echo of ["a", "b", "c"]) {
      await show(page(radio(echo)));
      expect(await wizard.page.getByRole("radio", { name: "Option c" }).isChecked()).toBe(true);
    }
    await show(page(radio("a")));
    expect(await wizard.page.getByRole("radio", { name: "Option a" }).isChecked()).toBe(true);
  });

  test("a select says the chosen value and follows the host", async () => {
    await show(gallery.fields);
    const select = wizard.page.getByRole("combobox", { name: "AWS profile" });
    expect(await select.inputValue()).toBe("dev");
    await select.selectOption("prod");
    expect(await inputs()).toEqual([{ type: "input", field: "profile", value: "prod" }]);
  });

  test("every button of the gallery says its own action", async () => {
    await show(gallery.content);
    for (const name of ["Use it", "Open settings", "Copy issuer", "Remove account", "Next: review"]) {
      await wizard.page.getByRole("button", { name, exact: true }).click();
    }
    expect(await presses()).toEqual(
      ["audience.use", "audience.open", "copy.issuer", "account/staging.remove", "next"].map((id) => ({
        type: "press",
        action: id,
      })),
    );
  });
});

describe("Enter in a text field", () => {
  test("presses the footer's primary action, after the text was sent", async () => {
    await show(page(text("name", "")));
    await box("Field name").pressSequentially("a");
    await wizard.page.keyboard.press("Enter");
    expect((await wizard.said()).slice(1)).toEqual([
      { type: "input", field: "name", value: "a" },
      { type: "press", action: "next" },
    ]);
  });

  test("presses the primary action of its group where there is one", async () => {
    const actions = [action("group.add", "Add", "primary")];
    await show(page({ kind: "group", id: "group", legend: "Group", blocks: [text("name", "")], actions }));
    await box("Field name").press("Enter");
    expect(await presses()).toEqual([{ type: "press", action: "group.add" }]);
  });

  test("presses nothing while the primary action is disabled", async () => {
    await show({ ...page(text("name", "")), footer: [action("next", "Next", "primary", false)] });
    await box("Field name").press("Enter");
    expect(await presses()).toEqual([]);
  });
});

describe("focus", () => {
  test("goes to the heading on a new page, and the page is at its top", async () => {
    await show(gallery.content);
    await wizard.page.getByRole("button", { name: "Add account" }).focus();
    await show(gallery.fields);
    expect(await active()).toBe("H1");
    expect(await wizard.page.evaluate("scrollY")).toBe(0);
  });

  test("goes to the control the host names, opening what hides it", async () => {
    await show(gallery.content);
    await show(gallery.content, "role.name");
    expect(await active()).toBe("role.name");
    expect(await box("Role name").first().isVisible()).toBe(true);
  });

  test("goes to the chosen radio button, and to a toolkit button", async () => {
    await show(gallery.fields, "scope");
    expect(await wizard.page.evaluate("document.activeElement.value")).toBe("branch");
    await show(gallery.fields, "next");
    expect(await active()).toBe("next");
  });

  test("goes to the heading when the focused control disappears", async () => {
    await show(page({ kind: "actions", actions: [action("check", "Check")] }));
    await wizard.page.getByRole("button", { name: "Check" }).click();
    await show(page({ kind: "busy", text: "Checking" }));
    expect(await active()).toBe("H1");
  });

  test("open and closed details and the scroll position survive a render", async () => {
    await show(gallery.content);
    const details = wizard.page.locator("details");
    await details.nth(1).locator("summary").click();
    await wizard.page.mouse.wheel(0, 500);
    await wizard.page.waitForFunction("scrollY > 300");
    const before = await wizard.page.evaluate("scrollY");
    await show({ ...gallery.content, announcement: "Checked" });
    expect(await details.nth(0).getAttribute("open")).toBeNull();
    expect(await details.nth(1).getAttribute("open")).toBe("");
    expect(await wizard.page.evaluate("scrollY")).toBe(before);
  });
});

test("announcements reach a polite live region that was there before", async () => {
  const region = wizard.page.locator('[aria-live="polite"]');
  expect(await region.textContent()).toBe("");
  await show(gallery.progress);
  expect(await region.textContent()).toBe("Creating policy circleci-assume");
});

test("hidden characters are shown wherever the host's text is shown", async () => {
  await show({ ...page({ kind: "list", items: ["a\u202Eb"] }), context: ["x\u200By"] });
  expect(await wizard.page.locator("main li").textContent()).toBe("a⟨U+202E⟩b");
  expect(await wizard.page.locator(".context").textContent()).toContain("x⟨U+200B⟩y");
});

test("messages that are none of ours are ignored", async () => {
  await show(page(text("name", "")));
  await wizard.page.evaluate(
    `postMessage({ type: "view" }, "*"); postMessage(null, "*"); postMessage("view", "*");`,
  );
  await show(page(text("name", "b")));
  expect(await box("Field name").inputValue()).toBe("b");
});
