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
})
