import { createTheme } from '@mantine/core';

export const theme = createTheme({
  fontFamily:
    '"Hiragino Sans", "Hiragino Kaku Gothic ProN", "Yu Gothic UI", "Meiryo", "Noto Sans JP", "Noto Sans CJK JP", system-ui, sans-serif',
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: {
    dark: ['#e8edf4', '#c3ccd9', '#9eacc0', '#6c7b90', '#4a5667', '#303946', '#232b35', '#1b2129', '#161b22', '#12161c'],
    ink: ['#eef3fa', '#dbe5f1', '#b4c9e2', '#8aabd2', '#6791c5', '#5180bd', '#3f6ea9', '#264b7a', '#3f6ea9', '#5180bd'],
  },
});
