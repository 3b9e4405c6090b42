/** The validation handshake with an endpoint, in both schemas (`reference/event-grid.md` §2). */
import type { SubscriptionDefinition } from '../../app/ports/administration.ts';
import type { PostAnswer, Poster } from './poster.ts';
import type { HandshakeResult, Validation } from './subscription-state.ts';

/** Who we say we are, in CloudEvents deliveries too; receivers compare it with the documented one. */
export const webHookOrigin = 'eventgrid.azure.net';

export interface Handshake {
  readonly definition: SubscriptionDefinition;
  readonly validation: Validation;
  readonly validationUrl: string;
  readonly topic: string;
  /** Wall time; Event Grid waits 30 s. */
  readonly timeoutMs: number;
}

export async function shakeHands(poster: Poster, handshake: Handshake): Promise<HandshakeResult> {
  const cloud = handshake.definition.schema === 'cloudevents';
  const answer = await poster.post(cloud ? cloudRequest(handshake) : gridRequest(handshake));
  if ('failed' in answer) {
    return { result: answer.how === 'silent' ? 'silent' : 'broken', why: answer.failed };
  }
  return cloud ? readCloudAnswer(answer) : readGridAnswer(answer, handshake.validation);
}

function gridRequest({ definition, validation, validationUrl, topic, timeoutMs }: Handshake) {
  const event = {
    id: validation.id,
    topic,
    subject: '',
    data: { validationCode: validation.token, validationUrl },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: new Date(validation.askedAt).toISOString(),
    metadataVersion: '1',
    dataVersion: '1',
  };
  return {
    url: definition.endpoint,
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'aeg-event-type': 'SubscriptionValidation',
      'aeg-subscription-name': definition.name,
    },
    body: JSON.stringify([event]),
    timeoutMs,
  } as const;
}

function cloudRequest({ definition, validationUrl, timeoutMs }: Handshake) {
  return {
    url: definition.endpoint,
    method: 'OPTIONS',
    headers: {
      'webhook-request-origin': webHookOrigin,
      'webhook-request-callback': validationUrl,
      'webhook-request-rate': '120',
    },
    timeoutMs,
  } as const;
}

function readGridAnswer({ status, body }: PostAnswer, { token }: Validation): HandshakeResult {
  if (status !== 200) {
    const accepted =
      status === 202 ? ' 202 does not count: the answer must come with the response itself.' : '';
    return {
      result: 'broken',
      why: `The endpoint answered the validation event with ${status}.${accepted} Answer 200 with {"validationResponse": data.validationCode}.`,
    };
  }
  const response = validationResponse(body);
  if (response === token) return { result: 'confirmed' };
  if (response === undefined) {
    return {
      result: 'withheld',
      why: 'The endpoint answered 200 without validationResponse. Open the validation URL, or answer {"validationResponse": data.validationCode}.',
    };
  }
  return {
    result: 'broken',
    why: 'The endpoint answered with another validationResponse than the validationCode it was sent.',
  };
}

function validationResponse(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return undefined;
    const found = Object.entries(value).find(([name]) => name.toLowerCase() === 'validationresponse');
    return found?.[1];
  } catch {
    // No JSON: the same as an answer without the response.
    return undefined;
  }
}

function readCloudAnswer({ status, headers }: PostAnswer): HandshakeResult {
  const allowed = headers['webhook-allowed-origin'];
  if (allowed === undefined) {
    const taken = status >= 200 && status < 300;
    return taken
      ? {
          result: 'withheld',
          why: `The endpoint answered OPTIONS with ${status} and no WebHook-Allowed-Origin. Open the validation URL, or answer with WebHook-Allowed-Origin: ${webHookOrigin}.`,
        }
      : {
          result: 'broken',
          why: `The endpoint answered OPTIONS with ${status}. Answer 200 with WebHook-Allowed-Origin: ${webHookOrigin}.`,
        };
  }
  const origins = allowed.split(',').map((origin) => origin.trim().toLowerCase());
  if (origins.includes('*') || origins.includes(webHookOrigin)) return { result: 'confirmed' };
  return {
    result: 'broken',
    why: `The endpoint allows the origin ${allowed}, not ${webHookOrigin}. Answer with the WebHook-Request-Origin it was sent, or *.`,
  };
}
