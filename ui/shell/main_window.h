// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMainWindow>

#include <functional>
#include <utility>
#include <vector>

class QButtonGroup;
class QHeaderView;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace descent {

class Toast;

/// The frame: a rail with a button a page, the pages, passing messages. Knows nothing of what the pages do.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(const QString& settingsFile);
    ~MainWindow() override;

    void addPage(const QString& id, const QString& iconName, const QString& title, QWidget* page);
    void showPage(const QString& id);
    QString currentPage() const;

    /// Widths, order and sorting of a table's columns are found again at the next start.
    void rememberColumns(const QString& name, QHeaderView* header);

    void showMessage(const QString& message);
    /// With a button, and Ctrl+Z on the same page, for as long as the message stands.
    void showUndo(const QString& message, std::function<void()> undo);

    /// Asked before the window closes; it stays open where the answer is no.
    void setCloseGuard(std::function<bool()> mayClose) { m_mayClose = std::move(mayClose); }

Q_SIGNALS:
    void pageShown(const QString& id);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void toggleTheme();
    void showShortcuts();
    void remember();

    const QString m_settingsFile;
    QStackedWidget* m_pages = nullptr;
    QVBoxLayout* m_railButtons = nullptr;
    QButtonGroup* m_group = nullptr;
    QHash<QString, int> m_indexOf;
    std::vector<std::pair<QString, QHeaderView*>> m_headers;   // of the pages: they live as long as this window
    QToolButton* m_theme = nullptr;
    Toast* m_toast = nullptr;
    std::function<void()> m_undo;
    std::function<bool()> m_mayClose;
};

}
