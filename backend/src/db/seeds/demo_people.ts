/** Names of the demo school. Nobody in it is real. */
export const givenNames = (
  'Aaliyah Abel Ada Aiko Aisha Alba Alma Amira Ana Anouk Arjun Ayo Beatriz Bilal Birgit Bruno Callum Carmen Chloe ' +
  'Cosima Daniyar Dara Delia Diego Ebba Eliza Elio Emeka Enzo Esme Farah Felix Femi Finn Freya Gaia Giulia Greta ' +
  'Hamza Hana Harriet Hugo Ibrahim Ida Ilse Imani Ines Iris Isla Ivo Jaya Joachim Jonas Jude June Kai Kalinda Kira ' +
  'Kofi Kwame Laila Leila Leo Levi Lina Lior Luca Lucia Mabel Maja Malik Mara Marek Mateo Maya Mei Mila Milo Nadia ' +
  'Naoko Nia Nikolai Noah Noor Nuria Odette Olek Oskar Otis Pablo Paloma Petra Pia Priya Quinn Rafi Rania Remi Rhea ' +
  'Rosa Ruby Safiya Salim Sana Santiago Selma Sibel Sofia Sunil Tadeo Tamar Tess Thandi Tomas Uma Una Vera Vikram ' +
  'Wanda Wen Willa Yara Yusuf Zadie Zofia Zuri'
).split(' ');

export const familyNames = (
  'Abara Adeyemi Ahmadi Albrecht Alvarez Amsel Andersson Baptiste Barlow Beckett Bianchi Boateng Brandt Castle ' +
  'Chaudhry Choi Costa Dalgaard Danso Desai Diallo Dubois Ekström Esposito Farouk Ferreira Fischer Fofanah Gallo ' +
  'Gordon Grabowski Haddad Halvorsen Hassan Hayashi Horvat Ibarra Iqbal Ivanova Jansen Jimenez Kamara Kaplan Khan ' +
  'Kowalska Kumar Lambert Lindgren Lopez Mahmoud Marchetti Mbeki Mensah Moreau Nakamura Ncube Nilsson Novak Obi ' +
  'Oduya Okonkwo Olsen Osei Papadakis Park Pereira Petrov Popescu Quispe Rahman Raman Reyes Ricci Rossi Sahin Salah ' +
  'Santos Schreiber Sharma Silva Soto Suzuki Tanaka Thorne Torres Ueda Vargas Vidal Wagner Weber Wilde Yilmaz Zaman Zhou'
).split(' ');

export const demoPassword = 'scallion-demo';

/** Those who are offered on the sign-in page, by the role they show. */
export const demoSignIns = [
  {
    key: 'okafor',
    name: 'Imelda Okafor',
    email: 'i.okafor@alderrow.example',
    role: 'Teacher',
    note: 'Science, three classes and two tools of her own.',
  },
  {
    key: 'nwosu',
    name: 'Amara Nwosu',
    email: 'amara.nwosu@alderrow.example',
    role: 'Pupil, 9A',
    note: 'Two things to do, and a chat that waits for her.',
  },
  {
    key: 'lindqvist',
    name: 'Theo Lindqvist',
    email: 'theo.lindqvist@alderrow.example',
    role: 'Pupil, 8B',
    note: 'In the middle of the photosynthesis recap.',
  },
  {
    key: 'pruitt',
    name: 'Jasper Pruitt',
    email: 'j.pruitt@alderrow.example',
    role: 'Teacher',
    note: 'Maths and English, with the sparring partner.',
  },
  {
    key: 'hollis',
    name: 'Dag Hollis',
    email: 'd.hollis@fenmoor.example',
    role: 'School IT',
    note: 'Looks after both schools: people, classes, tools.',
  },
  {
    key: 'tembe',
    name: 'Ros Tembe',
    email: 'r.tembe@fenmoor.example',
    role: 'System admin',
    note: 'Sees every group of the installation.',
  },
] as const;
export type DemoKey = (typeof demoSignIns)[number]['key'];
