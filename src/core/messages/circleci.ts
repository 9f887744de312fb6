/** Sentences about the CircleCI project and the CircleCI API. */
export const circleCiMessages = {
  "circleci.info.malformed":
    "{file} cannot be read as what `circleci project link` writes: it needs organization.id and project.id, both UUIDs. It is ignored.",
  "circleci.token.title": "CircleCI API token",
  "circleci.token.prompt":
    "A personal API token from your CircleCI user settings. It is kept in VS Code’s secret storage and sent to {host} only.",
  "circleci.token.malformed": "A token has no spaces or special characters.",
  "circleci.token.forgotten": "The CircleCI token is no longer stored.",
  "circleci.api.unauthorized": "CircleCI does not accept this token. It is not stored.",
  "circleci.api.unauthorized.advice":
    "Create a personal API token in CircleCI’s user settings and try again.",
  "circleci.api.notFound": "CircleCI knows no project {slug}, or your user may not see it.",
  "circleci.api.notFound.advice":
    "Enter the two IDs yourself: they are on the Overview pages of the organization’s and the project’s settings.",
  "circleci.api.limited": "CircleCI asks to wait: too many requests.",
  "circleci.api.unreachable": "CircleCI cannot be reached at {host}.",
  "circleci.api.unreachable.advice": "Check the network and VS Code’s proxy settings.",
  "circleci.api.audiences":
    "CircleCI gives this project’s tokens several audiences ({audiences}), and AWS refuses such tokens. Set one audience in CircleCI’s OIDC custom claims first.",
  "circleci.api.answer": "CircleCI’s answer has another form than its documentation says.",
} as const;
