// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/written_file.h"

#include "engine/core/base/files.h"
#include "ui/theme/translated.h"

#include <QCoreApplication>

namespace descent {

QString writtenFile(const QString& file, const std::function<QByteArray()>& make)
{
    try {
        const QByteArray content = make();
        writeFileAtomically(std::filesystem::path{file.toStdString()}, std::string_view{content.constData(), static_cast<std::size_t>(content.size())});
        return QCoreApplication::translate("WrittenFile", "Written: %1").arg(file);
    } catch (const DescentError& error) {
        return translated(error.message());
    } catch (const std::exception& error) { // a thread's outermost frame
        return QString::fromUtf8(error.what());
    }
}

}
