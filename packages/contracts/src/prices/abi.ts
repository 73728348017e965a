import * as Abi from 'ox/Abi'

export const pricesAbi = Abi.from([
  'struct Curve { uint32 fromDay; uint128 cpu; uint128 gpu; uint128 traffic; }',
  'function setCurve(uint32 fromDay, uint128 cpu, uint128 gpu, uint128 traffic)',
  'function amountOn(uint32 day) view returns (uint256 cpu, uint256 gpu, uint256 traffic)',
  'function today() view returns (uint32 day)',
  'function curveCount() view returns (uint32 count)',
  'function curveAt(uint32 index) view returns (Curve curve)',
  'event CurveSet(uint32 indexed fromDay, uint128 cpu, uint128 gpu, uint128 traffic)',
  'error NotOwner(address caller)',
  'error NotInFuture(uint32 fromDay, uint32 today)',
  'error CoefficientZero()',
  'error TooMany(uint32 limit)',
  'error NoCurve(uint32 day)',
  'error OutOfRange(uint32 index)',
])
