#!/usr/bin/env node
import { systemIo } from './io.js';
import { run } from './run.js';

// `harbor-fleet plan … | head` ends the pipe early, which is no mistake.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

void run(process.argv.slice(2), systemIo()).then((code) => {
  process.exitCode = code;
});
