import * as aws from "@aws-sdk/client-iam";
import { ISSUER, PROVIDER } from "../kit.ts";
import {
  POLICY,
  VALIDATION,
  all,
  createPolicy,
  createProvider,
  createRole,
  quota,
  tagRole,
  tags,
} from "./rows.ts";
import type { Row } from "./rows.ts";

/** Tags. */
export const tagRows: readonly Row[] = [
  {
    rule: "tag key aws:",
    first: createRole(),
    refused: tagRole({ Key: "AWS:x", Value: "v" }),
    error: ["InvalidInputException", 400, /reserved for system use/],
  },
  {
    rule: "tag key charset",
    refused: createRole({ Tags: [{ Key: "a<b", Value: "v" }] }),
    error: [VALIDATION, 400, /'key'/],
  },
  {
    rule: "blank tag key",
    refused: createRole({ Tags: [{ Key: " ", Value: "v" }] }),
    error: [VALIDATION, 400, /'key'/],
  },
  {
    rule: "tag value charset",
    refused: createRole({ Tags: [{ Key: "a", Value: "b;c" }] }),
    error: [VALIDATION, 400, /'value'/],
  },
  {
    rule: "tag key at most 128",
    refused: createRole({ Tags: [{ Key: "x".repeat(129), Value: "v" }] }),
    error: [VALIDATION, 400, /equal to 128/],
  },
  {
    rule: "tag value at most 256",
    refused: createRole({ Tags: [{ Key: "a", Value: "x".repeat(257) }] }),
    error: [VALIDATION, 400, /equal to 256/],
  },
  {
    rule: "a role's tag keys ignore case",
    refused: createRole({
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "A", Value: "2" },
      ],
    }),
    error: ["InvalidInputException", 400, /Duplicate tag keys/],
  },
  {
    rule: "a provider's tag keys are unique",
    refused: createProvider({
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "a", Value: "2" },
      ],
    }),
    error: ["InvalidInputException", 400, /Duplicate tag keys/],
  },
  {
    rule: "50 tags in a request",
    refused: createPolicy({ Tags: tags(51) }),
    error: [VALIDATION, 400, /equal to 50/],
  },
  {
    rule: "50 tags on a resource",
    first: createRole({ Tags: tags(50) }),
    refused: tagRole({ Key: "one-more", Value: "" }),
    error: ["LimitExceededException", 409, /number of tags/],
  },
  {
    rule: "no empty list of tags",
    first: createRole(),
    refused: tagRole(),
    error: ["InvalidInputException", 400, /must not be empty/],
  },
];

const thumbprints = (...ThumbprintList: readonly string[]) =>
  createProvider({ ThumbprintList: [...ThumbprintList] });

const PRINT = "a".repeat(40);

/** OpenID Connect providers. */
export const providerRows: readonly Row[] = [
  {
    rule: "https issuer",
    refused: createProvider({ Url: "http://oidc.circleci.com/org/x" }),
    error: [VALIDATION, 400, /Invalid Open ID/],
  },
  {
    rule: "issuer without query",
    refused: createProvider({ Url: `${ISSUER}?q=1` }),
    error: ["InvalidInputException", 400, /Unknown/],
  },
  {
    rule: "issuer without fragment",
    refused: createProvider({ Url: `${ISSUER}#x` }),
    error: ["InvalidInputException", 400, /Unknown/],
  },
  {
    rule: "issuer without port",
    refused: createProvider({ Url: "https://oidc.circleci.com:8443/org/x" }),
    error: [VALIDATION, 400, /Invalid Open ID/],
  },
  {
    rule: "issuer at most 255",
    refused: createProvider({ Url: `https://oidc.example.com/${"x".repeat(240)}` }),
    error: [VALIDATION, 400, /equal to 255/],
  },
  {
    rule: "thumbprint of 39 characters",
    refused: thumbprints("a".repeat(39)),
    error: [VALIDATION, 400, /equal to 40/],
  },
  {
    rule: "thumbprint of 41 characters",
    refused: thumbprints("a".repeat(41)),
    error: [VALIDATION, 400, /equal to 40/],
  },
  {
    rule: "thumbprint is hexadecimal",
    refused: thumbprints("g".repeat(40)),
    error: ["InvalidInputException", 400, /hexadecimal/],
  },
  {
    rule: "at most 5 thumbprints",
    refused: thumbprints(PRINT, PRINT, PRINT, PRINT, PRINT, PRINT),
    error: ["InvalidInputException", 400, /fewer than 5/],
  },
  {
    rule: "no update to an empty thumbprint list",
    first: createProvider(),
    refused: (kit) =>
      kit.hub.send(
        new aws.UpdateOpenIDConnectProviderThumbprintCommand({
          OpenIDConnectProviderArn: PROVIDER,
          ThumbprintList: [],
        }),
      ),
    error: ["InvalidInputException", 400, /at least one/],
  },
  {
    rule: "client id at most 255",
    refused: createProvider({ ClientIDList: ["x".repeat(256)] }),
    error: [VALIDATION, 400, /equal to 255/],
  },
  {
    rule: "client id not empty",
    first: createProvider(),
    refused: (kit) =>
      kit.hub.send(
        new aws.AddClientIDToOpenIDConnectProviderCommand({
          OpenIDConnectProviderArn: PROVIDER,
          ClientID: "",
        }),
      ),
    error: [VALIDATION, 400, /greater than or equal to 1/],
  },
  {
    rule: "at most 100 client ids",
    refused: createProvider({ ClientIDList: Array.from({ length: 101 }, (_, index) => `c${index}`) }),
    error: ["LimitExceededException", 409, /ClientIdsPerOpenIdConnectProvider: 100/],
  },
  {
    rule: "one provider per issuer",
    first: createProvider(),
    refused: createProvider(),
    error: ["EntityAlreadyExistsException", 409, /Provider with url https:.* already exists/],
  },
  {
    rule: "100 providers",
    first: all(quota("providersPerAccount", 1), createProvider()),
    refused: createProvider({ Url: `${ISSUER}x` }),
    error: ["LimitExceededException", 409, /OpenIdConnectProvidersPerAccount: 1/],
  },
  {
    rule: "provider must exist",
    refused: (kit) =>
      kit.hub.send(new aws.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: PROVIDER })),
    error: ["NoSuchEntityException", 404, /not found for arn/],
  },
  {
    rule: "deleting a missing provider",
    refused: (kit) =>
      kit.hub.send(new aws.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: PROVIDER })),
    error: ["NoSuchEntityException", 404, /cannot be found/],
  },
  {
    rule: "provider ARN form",
    refused: (kit) =>
      kit.hub.send(new aws.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: POLICY })),
    error: [VALIDATION, 400, /Invalid ARN/],
  },
];
