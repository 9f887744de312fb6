export { StandardRetryStrategy } from "@smithy/core/retry";
