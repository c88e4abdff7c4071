// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/field_picker.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

FieldPicker::FieldPicker(Mode mode, const QString& caption, QWidget* parent) : QToolButton{parent}, m_mode{mode}, m_caption{caption}
{
    name();
    setProperty("kind", "ghost");
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(caption);
    connect(this, &QToolButton::clicked, this, &FieldPicker::open);
}

void FieldPicker::setWords(std::function<QString(const QStringList& labels)> words)
{
    m_words = std::move(words);
    name();
}

void FieldPicker::setFields(std::vector<Field> fields)
{
    if (m_fields == fields)
        return;
    m_fields = std::move(fields);
    name();
    if (m_popup && m_popup->isVisible())
        fill();
}

void FieldPicker::setChosen(std::vector<std::string> names)
{
    if (m_chosen == names)
        return; // a text that is set lays the whole head out anew, with each step of a brush
    m_chosen = std::move(names);
    name();
}

/// The button says what is chosen.
void FieldPicker::name()
{
    constexpr int most = 150;
    const auto labelOf = [&](const std::string& name) {
        const auto found = std::find_if(m_fields.begin(), m_fields.end(), [&](const Field& field) { return field.name == name; });
        return found != m_fields.end() ? found->label : name.empty() ? tr("choose") : QString::fromStdString(name);
    };
    QString text;
    if (m_mode == Mode::one) {
        text = labelOf(m_chosen.empty() ? std::string{} : m_chosen.front());
    } else if (m_words) {
        QStringList labels;
        for (const std::string& chosen : m_chosen)
            labels << labelOf(chosen);
        text = m_words(labels);
    } else {
        text = tr("%1 (%2)").arg(m_caption).arg(m_chosen.size());
    }
    setText(fontMetrics().elidedText(text, Qt::ElideMiddle, most) + QStringLiteral(" ▾"));
    setToolTip(m_mode == Mode::one ? tr("%1: %2").arg(m_caption, text) : text);
    setAccessibleDescription(text);
}

void FieldPicker::open()
{
    constexpr int width = 320, height = 340;
    if (!m_popup) {
        m_popup = new QFrame{this, Qt::Popup};
        m_popup->setProperty("card", true);
        auto* layout = new QVBoxLayout{m_popup};
        layout->setContentsMargins(Theme::space2, Theme::space2, Theme::space2, Theme::space2);
        m_search = new QLineEdit;
        m_search->setPlaceholderText(tr("Search"));
        m_search->setObjectName(QStringLiteral("fieldSearch"));
        m_search->installEventFilter(this);
        layout->addWidget(m_search);
        m_list = new QListWidget;
        m_list->setObjectName(QStringLiteral("fieldList"));
        m_list->setTextElideMode(Qt::ElideMiddle);
        m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        layout->addWidget(m_list, 1);
        if (m_mode == Mode::several) {
            auto* row = new QHBoxLayout;
            const auto add = [&](const QString& text, auto&& isWanted) {
                auto* button = new QPushButton{text};
                button->setProperty("kind", "ghost");
                row->addWidget(button);
                connect(button, &QPushButton::clicked, this, [this, isWanted] {
                    std::vector<std::string> names;
                    for (const Field& field : m_fields)
                        if (isWanted(field))
                            names.push_back(field.name);
                    choose(std::move(names));
                    fill();
                });
            };
            add(tr("All"), [](const Field&) { return true; });
            add(tr("None"), [](const Field&) { return false; });
            add(tr("What differs"), [](const Field& field) { return field.isMarked; });
            layout->addLayout(row);
        }
        connect(m_search, &QLineEdit::textChanged, this, &FieldPicker::fill);
        connect(m_search, &QLineEdit::returnPressed, this, [this] { take(m_list->currentRow()); });
        connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) { take(m_list->row(item)); });
    }
    m_search->clear();
    fill();
    QRect place{mapToGlobal(QPoint{0, QWidget::height() + 2}), QSize{width, height}};
    if (const QScreen* shown = screen()) {
        place.moveRight(std::min({place.right(), shown->availableGeometry().right(), window()->mapToGlobal(window()->rect().bottomRight()).x() - Theme::space2}));
        place.moveBottom(std::min(place.bottom(), shown->availableGeometry().bottom()));
    }
    m_popup->setGeometry(place);
    m_popup->show();
    m_search->setFocus();
}

void FieldPicker::fill()
{
    const QString wanted = m_search->text();
    const int row = m_list->currentRow();
    m_list->clear();
    for (const Field& field : m_fields) {
        if (!field.label.contains(wanted, Qt::CaseInsensitive) && !QString::fromStdString(field.name).contains(wanted, Qt::CaseInsensitive))
            continue;
        const bool isChosen = std::find(m_chosen.begin(), m_chosen.end(), field.name) != m_chosen.end();
        auto* item = new QListWidgetItem{field.about.isEmpty() ? field.label : QStringLiteral("%1   %2").arg(field.label, field.about)};
        item->setData(Qt::UserRole, QString::fromStdString(field.name));
        item->setToolTip(QString::fromStdString(field.name));
        if (m_mode == Mode::several)
            item->setCheckState(isChosen ? Qt::Checked : Qt::Unchecked);
        m_list->addItem(item);
        if (m_mode == Mode::one && isChosen)
            m_list->setCurrentItem(item);
    }
    if (m_list->currentRow() < 0 && m_list->count() > 0)
        m_list->setCurrentRow(std::clamp(row, 0, m_list->count() - 1));
}

void FieldPicker::take(int row)
{
    const QListWidgetItem* item = m_list->item(row);
    if (!item)
        return;
    const std::string name = item->data(Qt::UserRole).toString().toStdString();
    if (m_mode == Mode::one) {
        m_popup->hide();
        choose({name});
        return;
    }
    std::vector<std::string> names = m_chosen;
    if (std::erase(names, name) == 0)
        names.insert(names.empty() ? names.end() : names.end() - 1, name);
    choose(std::move(names));
    fill();
}

void FieldPicker::choose(std::vector<std::string> names)
{
    setChosen(std::move(names));
    Q_EMIT fieldsChosen(m_chosen);
}

bool FieldPicker::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape)
        event->accept(); // the page's own Escape is not meant
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            m_list->setCurrentRow(std::clamp(m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1), 0, m_list->count() - 1));
            return true;
        }
        if (key == Qt::Key_Escape) {
            m_popup->hide();
            return true;
        }
    }
    return QToolButton::eventFilter(watched, event);
}

}
