// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>

namespace descent {

/// Imports into one history take turns, whichever program runs them: two that read the same files at once would both find a value new.
class ImportTurn {
public:
    /// Waits until the others are done. Throws StoreError, Cancelled.
    ImportTurn(const std::filesystem::path& storeFolder, const std::stop_token& stop);
    ~ImportTurn(); ///< gives it back, as the end of the program does
    ImportTurn(const ImportTurn&) = delete;

private:
    int m_file = -1;
};

}
