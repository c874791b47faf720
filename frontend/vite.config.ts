import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/** Paths the server answers itself; everything else is the app. */
const serverPaths = ['/rpc', '/api', '/health', '/ready', '/meta'];
const backendUrl = process.env.BACKEND_URL ?? 'http://127.0.0.1:3001';

export default defineConfig({
  plugins: [
    react(),
    tailwindcss(),
    VitePWA({
      registerType: 'prompt',
      // registered in main.tsx: an injected inline script would break the content security policy
      injectRegister: false,
      includeAssets: ['look.js', 'icon.svg', 'apple-touch-icon.png'],
      manifest: {
        id: '/',
        name: 'Raptscallions',
        short_name: 'Raptscallions',
        description: 'The AI classroom that keeps working when the network does not',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#f7f8f1',
        theme_color: '#fefffb',
        icons: [
          { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
        ],
      },
      workbox: {
        // the whole shell, fonts and lazy parts included: a page never opened before must open offline too
        globPatterns: ['**/*.{html,js,css,woff2,svg,png}'],
        maximumFileSizeToCacheInBytes: 4_000_000,
        navigateFallback: '/index.html',
        navigateFallbackDenylist: serverPaths.map((path) => new RegExp(`^${path}(/|$)`)),
        cleanupOutdatedCaches: true,
        clientsClaim: true,
      },
    }),
  ],
  server: {
    proxy: Object.fromEntries(serverPaths.map((path) => [path, { target: backendUrl, changeOrigin: false }])),
  },
  build: { target: 'es2023', chunkSizeWarningLimit: 700 },
});
