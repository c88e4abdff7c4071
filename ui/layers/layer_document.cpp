// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/layers/layer_document.h"

#include "engine/core/network/custom/layer_editing.h"
#include "engine/core/network/custom/layer_kind.h"
#include "engine/core/network/layer_inference.h"

#include <algorithm>

namespace descent {

void LayerDocument::setLayers(const LayerList& layers, const std::optional<NetworkBrief>& brief)
{
    std::set<std::string> names;
    for (const std::size_t at : m_selected)
        names.insert(m_layers[at].name);
    const std::string currentName = m_current ? m_layers[*m_current].name : std::string{};
    const std::size_t currentPlace = m_current.value_or(0);
    m_layers = layers;
    m_brief = brief;
    m_network = workOut(m_layers, m_brief ? &*m_brief : nullptr, "architecture.layers");

    std::set<std::size_t> selected;
    std::optional<std::size_t> current;
    if (m_selectNext) {
        for (std::size_t i = 0; i < m_selectNext->second && m_selectNext->first + i < m_layers.size(); ++i)
            selected.insert(m_selectNext->first + i);
        if (!selected.empty())
            current = *selected.rbegin();
    } else {
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            if (names.contains(m_layers[i].name))
                selected.insert(i);
            if (m_layers[i].name == currentName)
                current = i;
        }
        if (!current && !currentName.empty() && !m_layers.empty())
            current = std::min(currentPlace, m_layers.size() - 1);
        if (current)
            selected.insert(*current);
    }
    m_selectNext.reset();
    m_selected = std::move(selected);
    m_current = m_anchor = current;
    Q_EMIT changed();
    Q_EMIT selectionChanged();
}

std::int64_t LayerDocument::parameterCount() const
{
    std::int64_t sum = 0;
    for (const LayerOutcome& outcome : m_network.layers)
        sum += outcome.parameterCount;
    return sum;
}

std::int64_t LayerDocument::multiplyAdds() const
{
    std::int64_t sum = 0;
    for (const LayerOutcome& outcome : m_network.layers)
        sum = std::min(sum + outcome.multiplyAdds, absurdSize);
    return sum;
}

std::int64_t LayerDocument::activationValues() const
{
    std::int64_t sum = 0;
    for (const LayerOutcome& outcome : m_network.layers)
        sum += outcome.layer ? sizeProduct(outcome.shape) : 0;
    return sum;
}

void LayerDocument::setSelection(std::set<std::size_t> selected, std::optional<std::size_t> current)
{
    if (selected == m_selected && current == m_current)
        return;
    m_selected = std::move(selected);
    m_current = current;
    Q_EMIT selectionChanged();
}

void LayerDocument::select(std::optional<std::size_t> at)
{
    m_anchor = at;
    setSelection(at ? std::set<std::size_t>{*at} : std::set<std::size_t>{}, at);
}

void LayerDocument::extendTo(std::size_t at)
{
    const std::size_t anchor = m_anchor.value_or(at);
    std::set<std::size_t> selected;
    for (std::size_t i = std::min(anchor, at); i <= std::max(anchor, at); ++i)
        selected.insert(i);
    setSelection(std::move(selected), at);
}

void LayerDocument::toggle(std::size_t at)
{
    std::set<std::size_t> selected = m_selected;
    if (selected.erase(at) == 0)
        selected.insert(at);
    m_anchor = at;
    const auto current = selected.contains(at) ? std::optional{at} : selected.empty() ? std::nullopt : std::optional{*selected.rbegin()};
    setSelection(std::move(selected), current);
}

void LayerDocument::selectAll()
{
    if (m_layers.empty())
        return;
    m_anchor = 0;
    extendTo(m_layers.size() - 1);
}

void LayerDocument::step(int rows, bool extend)
{
    if (m_layers.empty())
        return;
    const auto last = static_cast<std::ptrdiff_t>(m_layers.size()) - 1;
    const auto from = m_current ? static_cast<std::ptrdiff_t>(*m_current) : rows > 0 ? -1 : last + 1;
    const auto at = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(from + rows, 0, last));
    extend ? extendTo(at) : select(at);
}

void LayerDocument::give(const LayerList& layers, const QString& what, bool mayMerge)
{
    if (layers != m_layers)
        Q_EMIT edited(layers, what, mayMerge);
    m_selectNext.reset();
}

std::size_t LayerDocument::behindSelection() const
{
    return m_selected.empty() ? m_layers.size() : *m_selected.rbegin() + 1;
}

void LayerDocument::insertList(std::size_t at, LayerList added, const QString& what)
{
    m_selectNext = {at, added.size()};
    give(withInserted(m_layers, at, std::move(added)), what);
}

void LayerDocument::insert(std::size_t at, const std::string& kind)
{
    const LayerEntry layer = newLayer(m_layers, kind, at);
    insertList(at, {layer}, tr("Add %1").arg(QString::fromStdString(layer.name)));
}

void LayerDocument::insertAfterCurrent(const std::string& kind)
{
    insert(behindSelection(), kind);
}

void LayerDocument::removeSelected()
{
    if (m_selected.empty())
        return;
    const std::size_t first = *m_selected.begin();
    const std::size_t left = m_layers.size() - m_selected.size();
    m_selectNext = {std::min(first, left > 0 ? left - 1 : 0), left > 0 ? 1 : 0};
    give(withRemoved(m_layers, m_selected), tr("Delete layers"));
}

void LayerDocument::duplicateSelected()
{
    LayerList copied;
    for (const std::size_t at : m_selected)
        copied.push_back(m_layers[at]);
    if (!copied.empty())
        insertList(behindSelection(), std::move(copied), tr("Duplicate layers"));
}

void LayerDocument::moveSelected(std::size_t to)
{
    if (m_selected.empty())
        return;
    MovedLayers moved = withMoved(m_layers, m_selected, to);
    m_selectNext = {moved.first, m_selected.size()};
    give(moved.layers, tr("Move layers"));
}

void LayerDocument::moveSelectedBy(int rows)
{
    if (m_selected.empty())
        return;
    const std::size_t first = *m_selected.begin(), behind = *m_selected.rbegin() + 1;
    if (rows < 0 && first > 0)
        moveSelected(first - 1);
    else if (rows > 0 && behind < m_layers.size())
        moveSelected(behind + 1);
}

void LayerDocument::rename(std::size_t at, const std::string& name)
{
    const std::size_t current = m_current.value_or(at);
    m_selectNext = {current, 1};
    give(withRenamed(m_layers, at, name), tr("Rename %1").arg(QString::fromStdString(m_layers[at].name)));
}

void LayerDocument::connectLayers(std::size_t reader, const std::string& source)
{
    give(withConnection(m_layers, reader, source), tr("Connect %1").arg(QString::fromStdString(m_layers[reader].name)));
}

void LayerDocument::setFrom(std::size_t at, const std::vector<std::string>& from)
{
    LayerList layers = m_layers;
    layers[at].from = from == std::vector<std::string>{previousLayer} ? std::vector<std::string>{} : from;
    give(layers, tr("Connect %1").arg(QString::fromStdString(m_layers[at].name)));
}

void LayerDocument::setParameters(std::size_t at, const Parameters& parameters)
{
    LayerList layers = m_layers;
    layers[at].parameters = parameters;
    give(layers, tr("Edit %1").arg(QString::fromStdString(m_layers[at].name)), true);
}

void LayerDocument::applyFix(std::size_t at, const LayerFix& fix)
{
    LayerList layers = m_layers;
    for (const auto& [name, value] : fix.set)
        layers[at].parameters.insert_or_assign(name, value);
    if (!fix.insertBefore.empty()) {
        LayerEntry added = newLayer(layers, fix.insertBefore, at);
        // It takes over where the layer read; the layer reads it.
        LayerEntry& layer = layers[at];
        if (!layer.from.empty()) {
            added.from = {layer.from.front()};
            layer.from.front() = previousLayer;
            if (layer.from.size() == 1)
                layer.from.clear();
        }
        layers.insert(layers.begin() + static_cast<std::ptrdiff_t>(at), std::move(added));
        m_selectNext = {at + 1, 1};
    }
    give(layers, tr("Mend %1").arg(QString::fromStdString(m_layers[at].name)));
}

QString LayerDocument::selectedAsText() const
{
    LayerList copied;
    for (const std::size_t at : m_selected)
        copied.push_back(m_layers[at]);
    return copied.empty() ? QString{} : QString::fromStdString(toJson(copied));
}

bool LayerDocument::paste(const QString& text)
{
    Result<LayerList> layers = layersFromJson(text.toStdString(), "");
    if (!layers || layers->empty() || layers->size() + m_layers.size() > mostLayers)
        return false;
    insertList(behindSelection(), std::move(*layers.value), tr("Paste layers"));
    return true;
}

}
