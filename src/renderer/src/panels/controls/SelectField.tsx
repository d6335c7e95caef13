/** One of a list, which may be in groups. */
import { Select } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'

export interface SelectGroup<Value extends string> {
  readonly label?: string | null
  readonly options: readonly { readonly value: Value; readonly label: string; readonly detail?: string }[]
}

interface Props<Value extends string> {
  readonly label: string
  readonly value: Value | null
  readonly groups: readonly SelectGroup<Value>[]
  /** Shown where the value is none of the list. */
  readonly placeholder?: string
  readonly disabled?: boolean
  readonly className?: string
  readonly onChange: (value: Value) => void
}

export function SelectField<Value extends string>(props: Props<Value>) {
  const { label, value, groups, placeholder = '', disabled = false, className = '', onChange } = props
  const items = groups.flatMap(({ options }) => options)
  return (
    <Select.Root
      value={value}
      items={items}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange(next)
      }}
    >
      <Select.Trigger className={`field select ${className}`} aria-label={label}>
        <Select.Value className="select-value" placeholder={placeholder} />
        <Select.Icon className="select-icon">
          <ChevronDown className="icon" aria-hidden />
        </Select.Icon>
      </Select.Trigger>
      <Select.Portal>
        <Select.Positioner className="layer-popup" sideOffset={4} alignItemWithTrigger={false}>
          <Select.Popup className="popup menu-popup">
            <Select.List className="select-list">
              {groups.map((group, i) => (
                <Select.Group key={group.label ?? i} className="select-group">
                  {group.label && <Select.GroupLabel className="select-label">{group.label}</Select.GroupLabel>}
                  {group.options.map((option) => (
                    <Select.Item key={option.value} value={option.value} className="menu-item">
                      <Select.ItemIndicator className="menu-check">
                        <Check className="icon" aria-hidden />
                      </Select.ItemIndicator>
                      <Select.ItemText className="menu-text">{option.label}</Select.ItemText>
                      {option.detail !== undefined && <span className="menu-keys">{option.detail}</span>}
                    </Select.Item>
                  ))}
                </Select.Group>
              ))}
            </Select.List>
          </Select.Popup>
        </Select.Positioner>
      </Select.Portal>
    </Select.Root>
  )
}
