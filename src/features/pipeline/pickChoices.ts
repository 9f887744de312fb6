import * as vscode from "vscode";
import {
  choicesInWords,
  chosenStep,
  fixedStep,
  lifetimeNote,
  questionsFor,
  firstChoices,
  type ChosenStep,
  type StepChoices,
  type StepQuestions,
} from "../../core/insertion/choices.ts";
import type { StepRequest } from "../../core/insertion/offer.ts";
import { msg, type Message, type MessageId } from "../../core/messages.ts";
import type { PipelineFile } from "../../core/wizard/state.ts";
import { sayVisibly } from "../shared/visibly.ts";
import { t } from "../shared/words.ts";

/** What came of the question: a step, other jobs wanted, a wider rule wanted, or nothing. */
export type HowAnswer = ChosenStep | "otherJobs" | "widen" | undefined;

type Item<T> = vscode.QuickPickItem & { readonly value?: T };
type Way = "go" | "style" | "minutes" | "placement" | "shared" | "elsewhere" | "otherJobs" | "widen";

const say = sayVisibly(t);

/**
 * Asks how the step should work in the chosen jobs. The first item takes what stands below it, so that Enter is
 * enough; every other one leads to a further choice and back.
 */
export async function pickHow(
  request: StepRequest,
  file: PipelineFile,
  jobs: readonly string[],
): Promise<HowAnswer> {
  const questions = questionsFor(file, jobs, request.runs);
  const first = firstChoices(request.step, questions.styles.includes("command") ? file : {});
  let choices = first;
  for (;;) {
    const { chosen, problems } = chosenStep(request, file, jobs, choices);
    const go = choices === first ? "pipelineEditor.how.recommended" : "pipelineEditor.how.chosen";
    const way = await pickWay(request, file, jobs, choices, { go, wrong: problems[0]?.problem });
    switch (way) {
      case undefined:
      case "otherJobs":
      case "widen":
        return way;
      case "go":
        if (chosen !== undefined) return chosen;
        // What is wrong is asked for at once.
        choices = await answered(problems[0]?.choice ?? "style", { request, file, questions, choices });
        break;
      default:
        choices = await answered(way, { request, file, questions, choices });
    }
  }
}

async function pickWay(
  request: StepRequest,
  file: PipelineFile,
  jobs: readonly string[],
  choices: StepChoices,
  {
    go,
    wrong,
  }: {
    readonly go: "pipelineEditor.how.recommended" | "pipelineEditor.how.chosen";
    readonly wrong: Message | undefined;
  },
): Promise<Way | undefined> {
  const questions = questionsFor(file, jobs, request.runs);
  const summary = choicesInWords(request, file, jobs, choices).map(say).join(" · ");
  const refused = questions.refused.flatMap(({ name, note }) =>
    note === undefined ? [] : [`${name}: ${say(note)}`],
  );
  const items: readonly Item<Way>[] = [
    { label: `$(check) ${t(msg(go))}`, detail: wrong === undefined ? summary : say(wrong), value: "go" },
    ...(refused.length === 0
      ? []
      : [
          heading(msg("pipelineEditor.how.refused")),
          ...(questions.skip === undefined
            ? []
            : [item("elsewhere", "pipelineEditor.how.elsewhere", refused.join(" "))]),
          item(
            "otherJobs",
            "pipelineEditor.how.otherJobs",
            questions.skip === undefined ? refused.join(" ") : "",
          ),
          item("widen", "pipelineEditor.how.widen"),
        ]),
    heading(msg("pipelineEditor.how.more")),
    ...(questions.shared === undefined ? [] : [item("shared", "pipelineEditor.how.shared")]),
    item("style", "pipelineEditor.how.style"),
    ...(fixedStep(file, choices.style) === undefined ? [item("minutes", "pipelineEditor.how.minutes")] : []),
    ...(questions.placement ? [item("placement", "pipelineEditor.how.placement")] : []),
  ];
  const title = t(msg("pipelineEditor.pick.how"));
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: about(file, jobs) });
  return picked?.value;
}

/** What is known of the job, where it is one: a CodeLens leads here without a list of jobs. */
function about({ jobs }: PipelineFile, names: readonly string[]): string {
  const [job, ...others] = jobs.filter(({ name }) => names.includes(name));
  if (job === undefined || others.length > 0) return names.join(", ");
  return `${job.name}: ${job.facts.map(say).join(" ")}`;
}

function item(value: Way, id: MessageId, detail = ""): Item<Way> {
  return { label: t(msg(id)), value, ...(detail === "" ? {} : { detail }) };
}

function heading(message: Message): Item<never> {
  return { label: t(message), kind: vscode.QuickPickItemKind.Separator };
}

type Asking = {
  readonly request: StepRequest;
  readonly file: PipelineFile;
  readonly questions: StepQuestions;
  readonly choices: StepChoices;
};

/** The choices after one further question; the same where the user thought better of it. */
async function answered(choice: keyof StepChoices, asking: Asking): Promise<StepChoices> {
  const { questions, choices } = asking;
  switch (choice) {
    case "style":
      return picked("pipelineEditor.how.style", choices, questions.styles, (style) => ({
        label: t(msg(`step.style.${style}`)),
        detail: t(msg(`step.style.${style}.detail`)),
        value: { style },
      }));
    case "placement":
      return picked(
        "pipelineEditor.pick.placement",
        choices,
        ["afterCheckout", "beforeAws"] as const,
        (place) => ({
          label: t(msg(`pipelineEditor.pick.placement.${place}`)),
          detail: t(msg(`pipelineEditor.pick.placement.${place}.detail`)),
          value: { placement: place },
        }),
      );
    case "shared":
      return picked("pipelineEditor.how.shared", choices, questions.shared?.ways ?? [], (way) => ({
        label: t(msg(`step.ways.${way}`)),
        detail: say(sharedDetail(questions, way)),
        value: { shared: way },
      }));
    case "elsewhere":
      return picked("pipelineEditor.how.elsewhere", choices, ["skip", "fail"] as const, (what) => ({
        label: t(msg(`step.elsewhere.${what}`)),
        detail: say(msg(`step.elsewhere.${what}.detail`, { branches: questions.skip?.join(", ") ?? "" })),
        value: { elsewhere: what },
      }));
    case "minutes":
      return typedMinutes(asking);
    case "sessionName":
    case "roleVariable":
      return choices;
  }
}

function sharedDetail({ shared }: StepQuestions, way: "edit" | "inline"): Message {
  if (way === "inline") return msg("step.ways.inline.detail", { jobs: shared?.jobs.join(", ") ?? "" });
  const others = shared?.others.join(", ") ?? "";
  return others === "" ? msg("step.ways.edit.alone") : msg("step.ways.edit.detail", { jobs: others });
}

async function picked<T>(
  title: MessageId,
  choices: StepChoices,
  options: readonly T[],
  toItem: (option: T) => vscode.QuickPickItem & { readonly value: Partial<StepChoices> },
): Promise<StepChoices> {
  const choice = await vscode.window.showQuickPick(options.map(toItem), { title: t(msg(title)) });
  return choice === undefined ? choices : { ...choices, ...choice.value };
}

async function typedMinutes({ request, file, choices }: Asking): Promise<StepChoices> {
  const judged = (minutes: string): Message | undefined =>
    chosenStep(request, file, [], { ...choices, minutes }).problems.find(({ choice }) => choice === "minutes")
      ?.problem;
  const typed = await vscode.window.showInputBox({
    title: t(msg("wizard.choice.minutes")),
    placeHolder: t(msg("wizard.choice.minutes.placeholder")),
    value: choices.minutes,
    validateInput: (minutes) => {
      const problem = judged(minutes);
      const note = lifetimeNote(request, file, { ...choices, minutes });
      if (problem !== undefined) return t(problem);
      if (note === undefined) return undefined;
      return { message: t(note), severity: vscode.InputBoxValidationSeverity.Info };
    },
  });
  return typed === undefined ? choices : { ...choices, minutes: typed };
}
