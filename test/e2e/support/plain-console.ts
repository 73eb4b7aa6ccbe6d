import plain from 'node:console';

globalThis.console = plain;
