// Fairlead: whether a file is another than before
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What tells one state of a file from the next: which file it is, its size, and when it was written.
public struct FileStamp: Hashable, Sendable {
    private var device: UInt64
    private var inode: UInt64
    private var size: Int64
    private var seconds: Int
    private var nanoseconds: Int

    /// The stamp of the file at `path`, links followed; `nil` when there is none.
    public init?(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        device = UInt64(facts.st_dev)
        inode = UInt64(facts.st_ino)
        size = Int64(facts.st_size)
        seconds = facts.st_mtim.tv_sec
        nanoseconds = facts.st_mtim.tv_nsec
    }
}
