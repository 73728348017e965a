#!/usr/bin/env node
// npm makes this file executable before anything is built.
import '../dist/program/main.js'
