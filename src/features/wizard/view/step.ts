import {
  fixedStep,
  lifetimeNote,
  questionsFor,
  sharedWay,
  type StepQuestions,
} from "../../../core/insertion/choices.ts";
import { toSetup } from "../../../core/wizard/check.ts";
import type { PipelineFile, WizardState } from "../../../core/wizard/state.ts";
import { choiceField, stepRequest } from "../../../core/wizard/step.ts";
import type { Block, Field } from "../../../shared/protocol.ts";
import { action, errorOf, field, heading, problemsShown, type Words } from "./parts.ts";

type Option = Extract<Field, { kind: "radio" }>["options"][number];

/** How the step is to work in the chosen jobs: only what there is to choose for them. */
export function stepBlocks(state: WizardState, file: PipelineFile, words: Words): readonly Block[] {
  const setup = toSetup(state);
  if (setup === undefined || state.selectedJobs.length === 0) return [];
  const { choices } = state;
  const request = stepRequest(setup);
  const questions = questionsFor(file, state.selectedJobs, request.runs);
  const shown = problemsShown(state, "pipeline", words);
  const radio = (choice: "style" | "placement" | "shared" | "elsewhere", options: readonly Option[]): Block =>
    field({
      kind: "radio",
      id: choiceField(choice),
      label: words.say(`wizard.choice.${choice}`),
      // Where nothing was chosen yet, what is done with shared steps all the same.
      value: choice === "shared" ? (sharedWay(questions, choices) ?? "") : choices[choice],
      options,
      ...errorOf(shown(choiceField(choice))),
    });
  const typed = (
    choice: "minutes" | "sessionName" | "roleVariable",
    hint: string,
    placeholder: string,
  ): Block =>
    field({
      kind: "text",
      id: choiceField(choice),
      label: words.say(`wizard.choice.${choice}`),
      value: choices[choice],
      placeholder,
      hint,
      ...errorOf(shown(choiceField(choice))),
    });
  const fixed = fixedStep(file, choices.style);
  const note = lifetimeNote(request, file, choices);
  const lifetime = note === undefined ? "" : words.t(note);
  return [
    ...refusedBlocks(questions, words),
    ...(questions.skip === undefined ? [] : [radio("elsewhere", elsewhereOptions(questions.skip, words))]),
    ...sharedBlocks(questions, words, (options) => radio("shared", options)),
    heading(words.say("wizard.choice.heading")),
    radio(
      "style",
      questions.styles.map((style) => labelled(`step.style.${style}`, words)),
    ),
    ...(fixed === undefined
      ? [typed("minutes", lifetime, words.say("wizard.choice.minutes.placeholder"))]
      : [{ kind: "text" as const, text: `${words.say("step.fixedCommand")} ${lifetime}` }]),
    ...(questions.placement
      ? [
          radio(
            "placement",
            places.map((place) => labelled(`pipelineEditor.pick.placement.${place}`, words)),
          ),
        ]
      : []),
    ...(fixed === undefined
      ? [
          {
            kind: "details" as const,
            id: "step-advanced",
            summary: words.say("wizard.choice.advanced"),
            blocks: [
              typed("sessionName", words.say("wizard.choice.sessionName.hint"), "circleci"),
              typed("roleVariable", words.say("wizard.choice.roleVariable.hint"), "DEPLOY_ROLE_ARN"),
            ],
          },
        ]
      : []),
  ];
}

const places = ["afterCheckout", "beforeAws"] as const;

type LabelId =
  | `step.style.${"profiles" | "webIdentityFile" | "command" | "orb"}`
  | `pipelineEditor.pick.placement.${"afterCheckout" | "beforeAws"}`
  | "step.elsewhere.fail";

/** An option by its words; its value is the last part of their name. */
function labelled(id: LabelId, words: Words): Option {
  return { value: id.split(".").at(-1) ?? "", label: words.say(id), hint: words.say(`${id}.detail`) };
}

/** The runs that the role refuses, before anything is inserted, with the ways out of it. */
function refusedBlocks({ refused, skip }: StepQuestions, words: Words): readonly Block[] {
  if (refused.length === 0) return [];
  const lines = refused.flatMap(({ name, note }) =>
    note === undefined ? [] : [`${name}: ${words.t(note)}`],
  );
  const ways = words.say(skip === undefined ? "wizard.refused.ways" : "wizard.refused.ways.skip");
  return [
    {
      kind: "notice",
      tone: "warning",
      title: words.say("wizard.refused.title"),
      text: [...lines, ways].join("\n"),
      actions: [
        action("leave-out", words.say("wizard.refused.leaveOut")),
        action("widen", words.say("wizard.refused.widen")),
      ],
    },
  ];
}

function elsewhereOptions(branches: readonly string[], words: Words): readonly Option[] {
  const args = { branches: branches.join(", ") };
  return [
    labelled("step.elsewhere.fail", words),
    {
      value: "skip",
      label: words.say("step.elsewhere.skip"),
      hint: words.say("step.elsewhere.skip.detail", args),
    },
  ];
}

function sharedBlocks(
  { shared }: StepQuestions,
  words: Words,
  radio: (options: readonly Option[]) => Block,
): readonly Block[] {
  if (shared === undefined) return [];
  const [jobs, others] = [shared.jobs.join(", "), shared.others.join(", ")];
  const hints = {
    inline: words.say("step.ways.inline.detail", { jobs }),
    edit:
      others === ""
        ? words.say("step.ways.edit.alone")
        : words.say("step.ways.edit.detail", { jobs: others }),
  };
  return [
    radio(shared.ways.map((way) => ({ value: way, label: words.say(`step.ways.${way}`), hint: hints[way] }))),
  ];
}
