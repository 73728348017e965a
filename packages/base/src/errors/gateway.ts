import { defineErrors } from './definition.js'

/** 2800-2859: the gateway, its topics and the protocols of its clients. */
export const gatewayErrors = defineErrors({
  TopicInvalid: {
    code: 2800,
    message: '"{topic}" is no name or filter of topics: {reason}.',
    cause:
      'Names have at most 16 levels of 64 bytes, joined by "/"; + and # stand alone in a level of a filter.',
    fix: 'Shorten or correct it; docs/gateway.md shows what names look like.',
    retryable: false,
  },
  MqttRefused: {
    code: 2801,
    message: 'A packet of MQTT was refused with code {code}: {reason}.',
    cause: 'The client does not keep to MQTT 3.1.1 or 5, or speaks another protocol to this port.',
    fix: 'Check port and protocol version of the client; an up-to-date client library makes valid packets.',
    retryable: false,
  },
  TopicForbidden: {
    code: 2802,
    message: 'You may not {action} "{topic}".',
    cause: 'The key that was shown has no such right, or the topic belongs to the gateway itself.',
    fix: 'Ask whoever runs the gateway to add the topic to the rights of your key.',
    retryable: false,
  },
  TopicsFull: {
    code: 2803,
    message: 'The gateway has no room for another last value.',
    cause: 'The number or the size of values that are kept has reached its limit.',
    fix: 'Remove values that nobody needs (DELETE, or an empty payload), or raise the limits of the gateway.',
    retryable: true,
  },
  TopicEmpty: {
    code: 2804,
    message: 'Nothing is kept of the topic "{topic}".',
    cause: 'No value was set, it was removed, or its time has passed.',
    fix: 'Publish with PUT to set a value; messages that only pass are not kept.',
    retryable: true,
  },
  GatewayKeyWrong: {
    code: 2805,
    message: 'The gateway does not know the key that was shown, or none was.',
    cause: 'Clients of this gateway show a key: a bearer token of HTTP, a password of MQTT.',
    fix: 'Ask whoever runs the gateway for a key, and look that it was copied whole.',
    retryable: false,
  },
  GatewayExposed: {
    code: 2806,
    message: 'The gateway does not listen on {host} {missing}.',
    cause: 'Whoever reaches that address could read, send or listen in.',
    fix: 'Give --access with keys, and --folder or --certificate for TLS; on 127.0.0.1 neither is needed.',
    retryable: false,
  },
})
