import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeProgressRing,
} from "@vscode/webview-ui-toolkit";

/**
 * Defines `vscode-button`, `vscode-checkbox` and `vscode-progress-ring`. The only place that knows the toolkit.
 *
 * Not taken from it: the text field, whose `<input>` sits in a shadow root where `aria-describedby` cannot point
 * at our hint and error texts; radio buttons, whose options cannot carry a description; and the dropdown, which
 * native `<select>` does better with type-ahead and screen readers. Those are plain HTML with the toolkit's look.
 */
export function registerComponents(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeProgressRing());
}
