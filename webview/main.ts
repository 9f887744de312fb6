import type { FromWebview } from "../src/shared/protocol.ts";
import { startApp } from "./app.ts";
import { registerComponents } from "./components.ts";

/** Given by VS Code to every webview, once. https://code.visualstudio.com/api/extension-guides/webview */
declare function acquireVsCodeApi(): { readonly postMessage: (message: FromWebview) => void };

const root = document.getElementById("app");
const announcer = document.getElementById("announcer");
if (root === null || announcer === null) throw new Error("The page lacks its regions.");
registerComponents();
const api = acquireVsCodeApi();
startApp({ root, announcer, send: api.postMessage });
