/**
 * System calls that no workload gets, with their numbers (x86-64: arch/x86/entry/syscalls/syscall_64.tbl, arm64:
 * include/uapi/asm-generic/unistd.h of Linux). -1 where a machine has no such call.
 */
export const deniedCalls: readonly (readonly [name: string, x64: number, arm64: number])[] = [
  // Namespaces and mounts.
  ['unshare', 272, 97],
  ['setns', 308, 268],
  ['mount', 165, 40],
  ['umount2', 166, 39],
  ['pivot_root', 155, 41],
  ['chroot', 161, 51],
  ['open_tree', 428, 428],
  ['move_mount', 429, 429],
  ['fsopen', 430, 430],
  ['fsconfig', 431, 431],
  ['fsmount', 432, 432],
  ['fspick', 433, 433],
  ['mount_setattr', 442, 442],
  // Other processes.
  ['ptrace', 101, 117],
  ['process_vm_readv', 310, 270],
  ['process_vm_writev', 311, 271],
  ['process_madvise', 440, 440],
  ['pidfd_getfd', 438, 438],
  ['kcmp', 312, 272],
  // Keys, which no namespace parts.
  ['keyctl', 250, 219],
  ['add_key', 248, 217],
  ['request_key', 249, 218],
  // Large attack surfaces of the kernel.
  ['bpf', 321, 280],
  ['perf_event_open', 298, 241],
  ['io_uring_setup', 425, 425],
  ['io_uring_enter', 426, 426],
  ['io_uring_register', 427, 427],
  ['userfaultfd', 323, 282],
  ['fanotify_init', 300, 262],
  ['fanotify_mark', 301, 263],
  ['name_to_handle_at', 303, 264],
  ['open_by_handle_at', 304, 265],
  ['memfd_secret', 447, 447],
  ['quotactl', 179, 60],
  ['quotactl_fd', 443, 443],
  ['lookup_dcookie', 212, 18],
  ['personality', 135, 92],
  ['mbind', 237, 235],
  ['set_mempolicy', 238, 237],
  ['get_mempolicy', 239, 236],
  ['migrate_pages', 256, 238],
  ['move_pages', 279, 239],
  // The machine itself.
  ['init_module', 175, 105],
  ['finit_module', 313, 273],
  ['delete_module', 176, 106],
  ['kexec_load', 246, 104],
  ['kexec_file_load', 320, 294],
  ['reboot', 169, 142],
  ['swapon', 167, 224],
  ['swapoff', 168, 225],
  ['syslog', 103, 116],
  ['acct', 163, 89],
  ['settimeofday', 164, 170],
  ['clock_settime', 227, 112],
  ['adjtimex', 159, 171],
  ['clock_adjtime', 305, 266],
  ['sethostname', 170, 161],
  ['setdomainname', 171, 162],
  ['vhangup', 153, 58],
  ['nfsservctl', 180, 42],
  ['iopl', 172, -1],
  ['ioperm', 173, -1],
  ['modify_ldt', 154, -1],
  ['uselib', 134, -1],
  ['ustat', 136, -1],
  ['sysfs', 139, -1],
  ['_sysctl', 156, -1],
]

/** Calls whose arguments are looked at. */
export const checkedCalls = {
  clone: [56, 220],
  clone3: [435, 435],
  socket: [41, 198],
  ioctl: [16, 29],
} as const

/** Flags of clone that make namespaces: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
export const namespaceFlags = 0x7e020000

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. Others, such as AF_VSOCK and AF_ALG, are not parted by namespaces or seldom used. */
export const allowedFamilies = [1, 2, 10, 16]

/** TIOCSTI and TIOCLINUX, which type into a terminal. */
export const deniedRequests = [0x5412, 0x541c]

/** Calls are numbered up to here; newer ones are refused until somebody has looked at them. */
export const lastKnownCall = 462

/** Calls of all machines are numbered alike from here on; numbers between an old table's end and here mean nothing. */
export const firstCommonCall = 424
export const lastOldCall = { x64: 334, arm64: 294 } as const
