import { assert } from '@banyan/base'
import { encodeCustomError, encodeEvent, eventTopic } from './abi.js'
import type { AbiError, AbiEvent, AbiRecord, ContractAbi, ItemOf, NameOf } from './abi-types.js'
import { type CallContext, maxLogData } from './context.js'
import { chargeGas, gasPrices } from './gas.js'
import { revert, revertWithData } from './revert.js'

type EventArguments<Abi extends ContractAbi, Name extends string> = AbiRecord<
  Extract<ItemOf<Abi, 'event', Name>, AbiEvent>['inputs']
>

type ErrorArguments<Abi extends ContractAbi, Name extends string> = AbiRecord<
  Extract<ItemOf<Abi, 'error', Name>, AbiError>['inputs']
>

/** Events and custom errors of one ABI, typed. */
export type BoundAbi<Abi extends ContractAbi> = {
  /** Adds a log of the address that was called. Reverts when the transaction has too many logs. */
  readonly emit: <Name extends NameOf<Abi, 'event'>>(
    context: CallContext,
    name: Name,
    args: EventArguments<Abi, Name>,
  ) => void
  /** Ends the call with a custom error as return data. */
  readonly revertWith: <Name extends NameOf<Abi, 'error'>>(
    name: Name,
    args: ErrorArguments<Abi, Name>,
  ) => never
}

/** Prepares the events and errors of an ABI; topics are computed once. */
export function bindAbi<const Abi extends ContractAbi>(abi: Abi): BoundAbi<Abi> {
  const events = new Map(
    abi.filter((item) => item.type === 'event').map((item) => [item.name, { item, topic: eventTopic(item) }]),
  )
  const errors = new Map(abi.filter((item) => item.type === 'error').map((item) => [item.name, item]))

  return {
    emit: (context, name, args) => {
      const { effects } = context
      const event = events.get(name)
      assert(
        event !== undefined && !context.readOnly,
        `the event ${name} is part of the ABI, and no view emits it`,
      )
      if (effects.logs.length >= effects.logLimit) revert('too many logs in one transaction')
      const { indexed, data } = encodeEvent(event.item, args)
      chargeGas(context.meter, gasPrices.log + gasPrices.logByte * data.length)
      assert(data.length <= maxLogData, 'log data fit their limit')
      effects.logs.push({ address: context.self, topics: [event.topic, ...indexed], data })
    },
    revertWith: (name, args) => {
      const error = errors.get(name)
      assert(error !== undefined, `the error ${name} is part of the ABI`)
      return revertWithData(name, encodeCustomError(error, args))
    },
  }
}
