export { serveMqtt } from './serve-mqtt.js'
