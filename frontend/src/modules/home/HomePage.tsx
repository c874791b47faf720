import { useMe } from '../auth/me_context';
import { AdminHome } from './AdminHome';
import { PupilHome } from './PupilHome';
import { TeacherHome } from './TeacherHome';

/** Home, by role: what a person should do next. */
export function HomePage() {
  const { role } = useMe();
  if (role === 'student') return <PupilHome />;
  if (role === 'teacher') return <TeacherHome />;
  return <AdminHome />;
}
