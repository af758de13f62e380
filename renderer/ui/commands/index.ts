export { CommandProvider, useCommand, useCommands, type Command } from './commands.tsx';
