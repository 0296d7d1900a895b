/** Which page: sign-in, desk, administration. */
import { Center, Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import { DeskPage } from './desk/desk-page.tsx';
import { useSession } from './hub/queries.ts';
import { SignInPage } from './sign-in/sign-in-page.tsx';

const AdminPage = lazy(() => import('./admin/admin-page.tsx').then(({ AdminPage }) => ({ default: AdminPage })));

export function App() {
  const { data: session, isPending } = useSession();
  const waiting = (
    <Center h="100vh">
      <Loader />
    </Center>
  );
  if (isPending) return waiting;
  if (!session) return <SignInPage />;
  const home = session.extension === null ? '/admin' : '/desk';
  return (
    <Suspense fallback={waiting}>
      <Routes>
        <Route
          path="/desk"
          element={session.extension === null ? <Navigate to="/admin" replace /> : <DeskPage session={session} />}
        />
        <Route path="/admin" element={<AdminPage session={session} />} />
        <Route path="*" element={<Navigate to={home} replace />} />
      </Routes>
    </Suspense>
  );
}
