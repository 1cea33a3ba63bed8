import { existsSync } from 'node:fs';

// Imported before anything that reads the environment. What the environment says already, wins.
if (existsSync('.env')) process.loadEnvFile('.env');
